# All images, for both architectures: `docker buildx bake`. On this machine's own alone:
# `docker buildx bake --load --set '*.platform=linux/amd64'`.

variable "ROUNDTABLE_IMAGES" {
  default = "ghcr.io/persona-roundtable"
}

variable "ROUNDTABLE_VERSION" {
  default = "latest"
}

# What GitHub's runners set; elsewhere the images say that it is unknown.
variable "GITHUB_SHA" {
  default = "unknown"
}

variable "GITHUB_SERVER_URL" {
  default = ""
}

variable "GITHUB_REPOSITORY" {
  default = ""
}

variable "GITHUB_REF_TYPE" {
  default = ""
}

variable "GITHUB_REF_NAME" {
  default = ""
}

group "default" {
  targets = ["gateway", "persona-runner", "store"]
}

target "_common" {
  context   = "."
  platforms = ["linux/amd64", "linux/arm64"]
  args = {
    VERSION  = equal(GITHUB_REF_TYPE, "tag") ? trimprefix(GITHUB_REF_NAME, "v") : ROUNDTABLE_VERSION
    REVISION = GITHUB_SHA
    CREATED  = timestamp()
    SOURCE   = equal(GITHUB_REPOSITORY, "") ? "unknown" : "${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}"
  }
}

target "gateway" {
  inherits   = ["_common"]
  dockerfile = "Dockerfile.gateway"
  tags       = ["${ROUNDTABLE_IMAGES}/gateway:${ROUNDTABLE_VERSION}"]
}

target "persona-runner" {
  inherits   = ["_common"]
  dockerfile = "Dockerfile.persona-runner"
  tags       = ["${ROUNDTABLE_IMAGES}/persona-runner:${ROUNDTABLE_VERSION}"]
}

target "store" {
  inherits   = ["_common"]
  dockerfile = "Dockerfile.store"
  tags       = ["${ROUNDTABLE_IMAGES}/store:${ROUNDTABLE_VERSION}"]
}
