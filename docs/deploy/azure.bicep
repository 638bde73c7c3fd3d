// az deployment sub create --location westeurope --template-file azure.bicep --parameters image=registry.azurecr.io/serverless-auditor@sha256:...
// Audits the function apps of this subscription every night, read-only: a Container Apps job with an identity of its own.
targetScope = 'subscription'

@description('The image built from docs/deploy/Dockerfile, with its digest.')
param image string
param location string = deployment().location
param resourceGroupName string = 'serverless-audit'
@description('When, as cron in UTC.')
param schedule string = '17 2 * * *'
@secure()
@description('The webhook\'s address; empty, nobody is told.')
param notify string = ''

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: resourceGroupName
  location: location
}

resource reader 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, 'serverless-auditor')
  properties: {
    roleName: 'Serverless Auditor'
    description: 'What the auditor asks, and nothing else; as "auditor permissions azure" prints it.'
    type: 'CustomRole'
    assignableScopes: [subscription().id]
    permissions: [
      {
        actions: [
          // generated: permissions
          'Microsoft.App/containerApps/authConfigs/read'
          'Microsoft.App/containerApps/functions/read'
          'Microsoft.App/containerApps/read'
          'Microsoft.App/managedEnvironments/read'
          'Microsoft.Authorization/denyAssignments/read'
          'Microsoft.Authorization/locks/read'
          'Microsoft.Authorization/permissions/read'
          'Microsoft.Authorization/roleAssignments/read'
          'Microsoft.Authorization/roleDefinitions/read'
          'Microsoft.Compute/virtualMachines/read'
          'Microsoft.Consumption/budgets/read'
          'Microsoft.ContainerRegistry/registries/read'
          'Microsoft.EventGrid/eventSubscriptions/read'
          'Microsoft.Insights/activityLogAlerts/read'
          'Microsoft.Insights/components/read'
          'Microsoft.Insights/diagnosticSettings/read'
          'Microsoft.Insights/eventtypes/values/read'
          'Microsoft.Insights/metrics/read'
          'Microsoft.KeyVault/vaults/read'
          'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read'
          'Microsoft.ManagedIdentity/userAssignedIdentities/read'
          'Microsoft.Management/managementGroups/descendants/read'
          'Microsoft.Network/applicationGateways/read'
          'Microsoft.Network/dnsZones/CNAME/read'
          'Microsoft.Network/virtualNetworks/read'
          'Microsoft.OperationalInsights/workspaces/read'
          'Microsoft.Resources/subscriptions/read'
          'Microsoft.Security/pricings/read'
          'Microsoft.ServiceBus/namespaces/read'
          'Microsoft.Storage/storageAccounts/blobServices/containers/read'
          'Microsoft.Storage/storageAccounts/blobServices/read'
          'Microsoft.Storage/storageAccounts/read'
          'Microsoft.Web/certificates/read'
          'Microsoft.Web/functionAppStacks/read'
          'Microsoft.Web/hostingEnvironments/read'
          'Microsoft.Web/serverfarms/read'
          'Microsoft.Web/sites/backups/read'
          'Microsoft.Web/sites/basicPublishingCredentialsPolicies/read'
          'Microsoft.Web/sites/config/read'
          'Microsoft.Web/sites/functions/read'
          'Microsoft.Web/sites/hybridConnectionRelays/read'
          'Microsoft.Web/sites/privateEndpointConnections/read'
          'Microsoft.Web/sites/read'
          'Microsoft.Web/sites/siteextensions/read'
          'Microsoft.Web/sites/slots/read'
          'Microsoft.Web/sites/sourcecontrols/read'
          // end
        ]
      }
    ]
  }
}

module job 'azure-job.bicep' = {
  name: 'serverless-audit-job'
  scope: group
  params: {
    image: image
    location: location
    schedule: schedule
    notify: notify
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, resourceGroupName, 'serverless-auditor')
  properties: {
    principalId: job.outputs.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: reader.id
  }
}
