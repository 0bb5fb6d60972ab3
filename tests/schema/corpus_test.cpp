// SPDX-License-Identifier: Apache-2.0
// What public data says (label corpus; skipped without SLUICE_CORPUS): the API server's own
// verdicts on corner cases, no complaint about rendered charts that the server accepts, and the
// catalogue of custom resources beside schemas/.
#include "base/text.hpp"
#include "io/files.hpp"
#include "schema/embedded.hpp"
#include "schema/format.hpp"
#include "schema/location.hpp"
#include "schema/support.hpp"

#include <cstdlib>
#include <set>

namespace sluice::schema {
namespace {

std::string corpus() {
  const char* named = std::getenv("SLUICE_CORPUS");
  return named == nullptr ? std::string() : std::string(named);
}

/// The paths of fields that a schema names, "/spec/rules[]/name". Schemas that contain themselves
/// stop at `depth`.
class Fields {
 public:
  explicit Fields(KubeVersion version) : version_(version) {}

  void collect(Place place, const std::string& path, int depth, std::set<std::string>& out) const {
    if (!place || depth == 0) {
      return;
    }
    for (const Property& property : properties(*place.table, place.properties())) {
      const std::string below = path + "/" + std::string(property.name);
      out.insert(below);
      collect(resolve(place, property.reference), below, depth - 1, out);
    }
    if (place.items() != 0) {
      collect(resolve(place, place.items()), path + "[]", depth, out);
    }
  }

 private:
  [[nodiscard]] Place resolve(Place place, std::uint32_t reference) const {
    if ((reference & definition) != 0) {
      return builtin_definition(reference & ~definition, version_);
    }
    if ((reference & local) != 0) {
      return {place.table, (*place.table->locals)[reference & ~local]};
    }
    return reference == 0 ? Place{} : Place{place.table, reference};
  }

  KubeVersion version_;
};

/// Fields of the catalogue's schema that ours would refuse. Empty: ours may be newer, never poorer.
std::vector<std::string> refused_by_ours(const embedded::Own& own,
                                         const std::string& catalogue,
                                         std::string& skipped) {
  const GroupVersionKind name{own.group, own.version, own.kind};
  const KubeVersion version = kube_versions().back();
  const std::string path = Location::parse(catalogue)->path(name, version);
  auto bytes = io::read_file(path);
  if (!bytes) {
    skipped = "not in the catalogue";
    return {};
  }
  const auto stream = yaml::parse(std::move(*bytes), path);
  if (!stream || stream->documents.size() != 1) {
    skipped = "not readable";
    return {};
  }
  const auto theirs =
      compile(stream->documents[0], stream->documents[0].root(), Dialect::json_schema);
  std::set<std::string> fields;
  Fields(version).collect(theirs->root(), "", 7, fields);
  const Registry registry;
  std::set<std::string> known;
  Fields(version).collect(registry.find(name, version, {}).place, "", 7, known);
  std::vector<std::string> out;
  for (const std::string& field : fields) {
    const std::string parent = field.substr(0, field.rfind('/'));
    const bool parent_has_fields = known.lower_bound(parent + "/") != known.end() &&
                                   known.lower_bound(parent + "/")->starts_with(parent + "/");
    if (!known.contains(field) && parent_has_fields && !field.starts_with("/status") &&
        !field.starts_with("/operation") && !field.starts_with("/metadata")) {
      out.push_back(field);
    }
  }
  return out;
}

TEST(Corpus, ShippedSchemasKnowTheFieldsOfTheCatalogue) {
  if (corpus().empty()) {
    GTEST_SKIP() << "SLUICE_CORPUS is not set";
  }
  int compared = 0;
  for (const embedded::Own& own : embedded::own()) {
    SCOPED_TRACE(std::string(own.group) + " " + std::string(own.kind));
    if (own.group == "serving.kserve.io" && own.kind == "InferenceService") {
      continue;  // its components borrow whole pod specs, which collect() does not follow
    }
    std::string skipped;
    EXPECT_EQ(refused_by_ours(own, corpus() + "/crds-catalog", skipped),
              std::vector<std::string>{});
    compared += skipped.empty() ? 1 : 0;
  }
  EXPECT_GE(compared, 20);
}

}  // namespace
}  // namespace sluice::schema
