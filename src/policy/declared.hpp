// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/context.hpp"
#include "policy/files.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What a test declares for data that rules fetch from elsewhere: answers of web services and of
/// the API server, entries of the global context, objects of the cluster.
namespace sluice::policy {

struct DeclaredAnswer {
  std::string method;  ///< "GET", "POST"; empty: any
  std::string url;     ///< "https://...", or a path of the API server
  int status = 200;
  Value body;
};

struct DeclaredGlobal {
  Value value;
  std::vector<std::pair<std::string, Value>> projections;
};

struct Declared {
  std::vector<DeclaredAnswer> answers;
  std::map<std::string, DeclaredGlobal, std::less<>> globals;
  bool has_cluster = false;    ///< objects of a cluster are declared, so that it can be asked
  std::vector<Value> objects;  ///< those, and the test's own
  std::vector<Manifests> owners;
  std::shared_ptr<Arena> arena = std::make_shared<Arena>();

  [[nodiscard]] const DeclaredAnswer* answer(std::string_view method, std::string_view url) const;
  /// What the API server would say to GET of "/apis/apps/v1/namespaces/x/deployments[/name]" by the
  /// objects: one of them, or a list. Nothing: there is no such object, or the path is none.
  [[nodiscard]] std::optional<Value> get(Arena& into, std::string_view path) const;
};

/// Reads `apiCallResponses` and `globalContextEntries` as a Test has them. Errors (Kind::parse):
/// a field that is missing, unknown, or given twice; not_found, io: a file of resources.
Status read_declared(const Value& answers,
                     const Value& globals,
                     const std::string& folder,
                     Declared& out);

/// Reads documents of kind ClusterResource: the objects of a cluster. Errors: as above.
Status read_cluster(std::span<const std::string> paths, Declared& out);

}  // namespace sluice::policy
