// The job of azure.bicep with what it runs in; results stay on a file share.
param image string
param location string
param schedule string
@secure()
param notify string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'serverless-auditor'
  location: location
}

resource log 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'serverless-audit'
  location: location
  properties: {
    retentionInDays: 365
  }
}

resource results 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'audit${uniqueString(resourceGroup().id)}'
  location: location
  kind: 'StorageV2'
  sku: {
    name: 'Standard_ZRS'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowBlobPublicAccess: false
  }

  resource files 'fileServices' = {
    name: 'default'

    resource share 'shares' = {
      name: 'audits'
      properties: {
        shareQuota: 5
      }
    }
  }
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: 'serverless-audit'
  location: location
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: log.properties.customerId
        sharedKey: log.listKeys().primarySharedKey
      }
    }
  }

  resource audits 'storages' = {
    name: 'audits'
    properties: {
      azureFile: {
        accountName: results.name
        accountKey: results.listKeys().keys[0].value
        shareName: results::files::share.name
        accessMode: 'ReadWrite'
      }
    }
  }
}

resource nightly 'Microsoft.App/jobs@2024-03-01' = {
  name: 'serverless-audit'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    environmentId: environment.id
    configuration: {
      secrets: empty(notify)
        ? []
        : [
            {
              name: 'notify'
              value: notify
            }
          ]
      triggerType: 'Schedule'
      replicaTimeout: 7200
      replicaRetryLimit: 0 // a gate that fails is a result; running it again says the same
      scheduleTriggerConfig: {
        cronExpression: schedule
        parallelism: 1
        replicaCompletionCount: 1
      }
    }
    template: {
      containers: [
        {
          name: 'auditor'
          image: image
          args: [
            'scan'
            '--provider=azure'
            '--output-dir=/audits/{date}'
            '--keep=90'
            '--history=/audits/history.sqlite'
            '--fail-on=new:high'
            '--fail-on-incomplete'
            '--log-format=json'
            '--timeout=6600'
            '--quiet'
          ]
          env: concat(
            [
              {
                name: 'AZURE_CLIENT_ID'
                value: identity.properties.clientId
              }
            ],
            empty(notify)
              ? []
              : [
                  {
                    name: 'AUDITOR_NOTIFY'
                    secretRef: 'notify'
                  }
                ]
          )
          resources: {
            cpu: json('1.0')
            memory: '2Gi'
          }
          volumeMounts: [
            {
              volumeName: 'audits'
              mountPath: '/audits'
            }
          ]
        }
      ]
      volumes: [
        {
          name: 'audits'
          storageType: 'AzureFile'
          storageName: environment::audits.name
          mountOptions: 'uid=10001,gid=10001,nobrl' // SQLite's own locks work; those of the share would block
        }
      ]
    }
  }
}

output principalId string = identity.properties.principalId
