// SPDX-License-Identifier: Apache-2.0
#include "render/programs.hpp"

#include "io/files.hpp"

#include <functional>
#include <sys/stat.h>

namespace sluice::render {
namespace {

std::string nanoseconds(const timespec& time) {
  return std::to_string(time.tv_sec) + "." + std::to_string(time.tv_nsec);
}

/// Under this key stands the digest of a file that has not been written since: its time of change
/// cannot be set back.
Digest identity_of(const std::string& path, std::string_view version) {
  struct stat status {};
  const bool there = ::stat(path.c_str(), &status) == 0;
  return cache::Key("program 1")
      .add(path)
      .add(version)
      .add(there ? std::to_string(status.st_dev) + " " + std::to_string(status.st_ino) : "")
      .add(std::to_string(status.st_size))
      .add(nanoseconds(status.st_mtim))
      .add(nanoseconds(status.st_ctim))
      .finish();
}

Result<std::string> digest_of(const cache::Store* store,
                              const std::string& program,
                              std::string_view version,
                              const std::function<Status()>& require) {
  const auto path = proc::find_in_path(program);
  const auto identity = identity_of(path, version);
  if (store != nullptr && !path.empty()) {
    if (auto known = store->get(identity)) {
      return std::move(*known);
    }
  }
  SLUICE_TRY(require());
  if (store == nullptr) {
    return std::string();
  }
  std::string bytes;
  SLUICE_TRY_ASSIGN(bytes, io::read_file(path));
  auto digest = hex(sha256(bytes));
  store->put(identity, digest);
  return digest;
}

}  // namespace

Programs::Programs(const proc::Runner& runner,
                   const cache::Store* store,
                   const helm::Settings& settings)
    : runner_(runner), store_(store), settings_(settings) {}

const Result<std::string>& Programs::helm() const {
  std::call_once(helm_.once, [this] {
    helm_.digest = digest_of(store_, "helm", helm::pinned_version,
                             [this] { return helm::require_helm(runner_, settings_); });
  });
  return helm_.digest;
}

const Result<std::string>& Programs::kustomize() const {
  std::call_once(kustomize_.once, [this] {
    const kustomize::Settings settings{.environment = helm::hermetic_environment(settings_),
                                       .timeout = settings_.timeout};
    kustomize_.digest = digest_of(store_, "kustomize", kustomize::pinned_version,
                                  [&] { return kustomize::require_kustomize(runner_, settings); });
  });
  return kustomize_.digest;
}

}  // namespace sluice::render
