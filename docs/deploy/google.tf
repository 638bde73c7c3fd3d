# terraform apply -var project=shop-production -var region=europe-west1 -var image=europe-docker.pkg.dev/.../serverless-auditor@sha256:...
# Audits the functions of a project every night, read-only: a Cloud Run job with a service account of its own.
variable "project" {
  type = string
}

variable "region" {
  type = string
}

variable "image" {
  type        = string
  description = "The image built from docs/deploy/Dockerfile, with its digest."
}

variable "nfs" {
  type        = object({ server = string, path = string })
  description = "The NFS export (Filestore) that keeps results and history; a bucket cannot hold an SQLite file."
}

variable "subnetwork" {
  type        = string
  description = "A subnetwork that reaches the NFS server."
}

variable "schedule" {
  type    = string
  default = "17 2 * * *"
}

variable "notify_secret" {
  type        = string
  default     = null
  description = "The secret in Secret Manager that holds the webhook's address; null: nobody is told."
}

resource "google_service_account" "auditor" {
  project      = var.project
  account_id   = "serverless-auditor"
  display_name = "Serverless auditor"
}

resource "google_project_iam_custom_role" "auditor" {
  project     = var.project
  role_id     = "serverlessAuditor"
  title       = "Serverless auditor"
  description = "What the auditor asks, and nothing else; as 'auditor permissions gcp' prints it."
  permissions = [
    # generated: permissions
    "apigateway.apiconfigs.list",
    "artifactregistry.repositories.getIamPolicy",
    "cloudasset.assets.listIamPolicy",
    "cloudasset.assets.listResource",
    "cloudfunctions.functions.getIamPolicy",
    "cloudfunctions.functions.list",
    "cloudfunctions.locations.list",
    "cloudkms.cryptoKeys.get",
    "cloudscheduler.jobs.list",
    "cloudtasks.queues.list",
    "compute.backendServices.list",
    "compute.networkEndpointGroups.list",
    "eventarc.channels.list",
    "eventarc.triggers.list",
    "iam.denypolicies.get",
    "iam.denypolicies.list",
    "iam.roles.get",
    "iam.serviceAccountKeys.list",
    "iam.serviceAccounts.get",
    "iam.serviceAccounts.getIamPolicy",
    "iam.serviceAccounts.list",
    "logging.buckets.list",
    "logging.exclusions.list",
    "logging.logMetrics.list",
    "logging.sinks.list",
    "monitoring.alertPolicies.list",
    "monitoring.timeSeries.list",
    "orgpolicy.policy.get",
    "pubsub.subscriptions.list",
    "pubsub.topics.getIamPolicy",
    "resourcemanager.folders.get",
    "resourcemanager.folders.getIamPolicy",
    "resourcemanager.organizations.get",
    "resourcemanager.organizations.getIamPolicy",
    "resourcemanager.projects.get",
    "resourcemanager.projects.getIamPolicy",
    "run.locations.list",
    "run.revisions.list",
    "run.services.getIamPolicy",
    "run.services.list",
    "secretmanager.secrets.list",
    "serviceusage.services.list",
    "storage.buckets.get",
    "storage.buckets.getIamPolicy",
    "vpcaccess.connectors.list",
    "workflows.workflows.list",
    # end
  ]
}

resource "google_project_iam_member" "auditor" {
  project = var.project
  role    = google_project_iam_custom_role.auditor.id
  member  = "serviceAccount:${google_service_account.auditor.email}"
}

resource "google_secret_manager_secret_iam_member" "notify" {
  count     = var.notify_secret == null ? 0 : 1
  project   = var.project
  secret_id = var.notify_secret
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:${google_service_account.auditor.email}"
}

resource "google_cloud_run_v2_job" "audit" {
  project  = var.project
  name     = "serverless-audit"
  location = var.region
  template {
    template {
      service_account = google_service_account.auditor.email
      timeout         = "7200s"
      max_retries     = 0 # a gate that fails is a result; running it again says the same
      containers {
        image = var.image
        args = [
          "scan",
          "--provider=gcp",
          "--output-dir=/audits/{date}",
          "--keep=90",
          "--history=/audits/history.sqlite",
          "--fail-on=new:high",
          "--fail-on-incomplete",
          "--log-format=json",
          "--timeout=6600",
          "--quiet",
        ]
        dynamic "env" {
          for_each = var.notify_secret == null ? [] : [var.notify_secret]
          content {
            name = "AUDITOR_NOTIFY"
            value_source {
              secret_key_ref {
                secret  = env.value
                version = "latest"
              }
            }
          }
        }
        resources {
          limits = {
            cpu    = "1"
            memory = "2Gi"
          }
        }
        volume_mounts {
          name       = "audits"
          mount_path = "/audits"
        }
      }
      volumes {
        name = "audits"
        nfs {
          server = var.nfs.server
          path   = var.nfs.path
        }
      }
      vpc_access {
        egress = "PRIVATE_RANGES_ONLY"
        network_interfaces {
          subnetwork = var.subnetwork
        }
      }
    }
  }
}

resource "google_service_account" "scheduler" {
  project      = var.project
  account_id   = "serverless-audit-scheduler"
  display_name = "Starts the serverless audit"
}

resource "google_cloud_run_v2_job_iam_member" "scheduler" {
  project  = var.project
  location = var.region
  name     = google_cloud_run_v2_job.audit.name
  role     = "roles/run.invoker"
  member   = "serviceAccount:${google_service_account.scheduler.email}"
}

resource "google_cloud_scheduler_job" "nightly" {
  project   = var.project
  region    = var.region
  name      = "serverless-audit"
  schedule  = var.schedule
  time_zone = "Etc/UTC"
  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_job.audit.id}:run"
    oauth_token {
      service_account_email = google_service_account.scheduler.email
    }
  }
}
