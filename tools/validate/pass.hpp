// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"
#include "manifests/input.hpp"
#include "references/check.hpp"
#include "schema/registry.hpp"
#include "validate/options.hpp"
#include "validate/versions.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

/// Files are parsed and checked in one go, while their bytes are warm, and let go; only what waits
/// for CustomResourceDefinitions of other files stays. Everything is written into slots that are
/// read in order, so that the number of threads shows nowhere.
namespace sluice::validate {

/// What is kept of an object for finding it twice.
struct Seen {
  std::string key;  ///< environment, destination, version and kind, namespace and name
  diag::ObjectRef ref;
  diag::Finding at;  ///< its place, without words
};

/// A run of the objects of one file, and what was found in it.
struct Slice {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<std::size_t> waiting;  ///< objects whose kind Kubernetes itself does not define
  std::vector<std::size_t> crds;
  std::vector<diag::Finding> findings;
  std::vector<diag::LedgerRow> ledger;
  std::vector<Seen> seen;
  std::set<std::string, std::less<>> envs;
  std::map<std::string, std::size_t>
      missing;                               ///< kinds without a schema, skipped: number of objects
  std::map<std::string, std::uint32_t> cel;  ///< kinds with rules in CEL: number of rules
};

/// One input while it is worked on.
struct File {
  manifests::Input input;
  std::optional<Error> error;
  std::unique_ptr<const yaml::Stream> stream;
  std::vector<k8s::Resource> resources;
  std::vector<diag::Finding> findings;  ///< of the parser and of objects without identity
  std::vector<Slice> slices;
  std::size_t objects = 0;
  std::uint64_t left_out = 0;   ///< objects that render skipped
  std::uint64_t unchanged = 0;  ///< units that are not in a partial stream
  bool from_render = false;
};

enum class Ledger : std::uint8_t { leave, write };

/// What all threads share; constant while they run.
struct Pass {
  const Options& options;
  const Versions& versions;
  const schema::Registry& registry;
  const references::Externals& externals;
  Ledger ledger = Ledger::leave;
  bool may_fetch = false;  ///< an address may hold a schema that was never fetched

  /// Reads and parses; cuts the objects into slices of at most `slice` of them.
  void open(File& file, unsigned jobs, std::size_t slice) const;
  /// Checks what Kubernetes itself defines and puts the rest aside.
  void check_builtin(const File& file, Slice& slice) const;
  /// Checks the rest, when all CustomResourceDefinitions are in the registry.
  void check_waiting(const File& file, Slice& slice) const;
  /// What the objects of one input say against each other; a render's are looked at together.
  void check_references(File& file) const;
  /// The same for objects of which nothing is missing.
  void check_references(std::span<const k8s::Resource> objects,
                        references::Knowledge knowledge,
                        std::vector<diag::Finding>& findings) const;
  /// Whether the input is all that reaches its clusters.
  [[nodiscard]] bool is_whole(const File& file) const {
    return options.references == References::whole ||
           (options.references == References::automatic && file.from_render && file.unchanged == 0);
  }
  /// Forgets the bytes when nothing waits for them.
  void release(File& file) const;

 private:
  void check(const k8s::Resource& resource, Slice& slice) const;
  void check_one(const k8s::Resource& resource,
                 schema::KubeVersion version,
                 const schema::Found& found,
                 Slice& slice,
                 std::vector<diag::Finding>& out) const;
  static void deprecated(const k8s::Resource& resource,
                         schema::KubeVersion version,
                         const schema::Found& found,
                         std::vector<diag::Finding>& out);
  void no_schema(const k8s::Resource& resource,
                 schema::KubeVersion version,
                 std::vector<diag::Finding>& out) const;
  [[nodiscard]] bool is_builtin(const k8s::Resource& resource) const;
};

}  // namespace sluice::validate
