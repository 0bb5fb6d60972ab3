// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "helm/template.hpp"

namespace sluice::helm {

std::map<std::string, std::string> hermetic_environment(const Settings& settings) {
  const auto& home = settings.sandbox;
  std::map<std::string, std::string> env = {
      {"HOME", home},
      {"TMPDIR", home},
      {"XDG_CACHE_HOME", home + "/cache"},
      {"XDG_CONFIG_HOME", home + "/config"},
      {"XDG_DATA_HOME", home + "/data"},
      {"HELM_CACHE_HOME", home + "/cache/helm"},
      {"HELM_CONFIG_HOME", home + "/config/helm"},
      {"HELM_DATA_HOME", home + "/data/helm"},
      {"HELM_PLUGINS", home + "/no-plugins"},
      {"KUSTOMIZE_PLUGIN_HOME", home + "/no-plugins"},
      // A last fence behind our own look at every address: Go's HTTP client asks these, and nobody
      // listens on port 9.
      {"HTTP_PROXY", "http://127.0.0.1:9"},
      {"HTTPS_PROXY", "http://127.0.0.1:9"},
      {"LC_ALL", "C"},
  };
  if (settings.one_thread) {
    env["GOMAXPROCS"] = "1";
  }
  return env;
}

proc::Confinement confinement(const Settings& settings) {
  return {.readable = {settings.root}, .writable = {settings.sandbox}};
}

Status require_helm(const proc::Runner& runner, const Settings& settings) {
  const std::string wanted(pinned_version);
  const std::string install =
      "install helm " + wanted + " and put it on PATH (ci/bootstrap.sh does)";
  const auto finished = runner.run({.argv = {"helm", "version", "--template", "{{.Version}}"},
                                    .env = hermetic_environment(settings),
                                    .timeout = settings.timeout,
                                    .confined = confinement(settings)});
  if (!finished) {
    return finished.error().kind == Error::Kind::not_found
               ? Error{Error::Kind::not_found, "helm is not on PATH: " + install}
               : finished.error();
  }
  const auto found = text::trim(finished->out);
  if (finished->ended != proc::Ended::exited || finished->code != 0 || found != wanted) {
    return Error{Error::Kind::unsupported,
                 "helm on PATH is " +
                     text::printable(found.empty() ? "of no known version" : found, 40) + ", not " +
                     wanted + ", and another version renders other bytes: " + install};
  }
  return ok;
}

}  // namespace sluice::helm
