// SPDX-License-Identifier: Apache-2.0
#include "manifests/input.hpp"

#include "support/tree.hpp"

#include <gtest/gtest.h>

namespace sluice::manifests {
namespace {

using support::Tree;

constexpr const char* service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n";

TEST(FindInputs, TakesManifestsOfAFolderSortedAndEachOnce) {
  const Tree tree{{"b/z.yml", service},       {"b/a.json", "{}"}, {"a.yaml", service},
                  {"README.md", "no"},        {"b/notes", "no"},  {".git/x.yaml", service},
                  {"vendor/.git/y.yaml", "a"}};
  const std::string root = tree.root();
  const auto inputs = find_inputs({root + "/b/z.yml", root + "/", "-", root, "-"});
  ASSERT_TRUE(inputs) << inputs.error().message;
  std::vector<std::string> labels;
  for (const Input& input : *inputs) {
    labels.push_back(input.label);
  }
  EXPECT_EQ(labels, (std::vector<std::string>{root + "/b/z.yml", root + "/a.yaml",
                                              root + "/b/a.json", "<stdin>"}));
}

TEST(FindInputs, SaysWhatIsNotThere) {
  const auto inputs = find_inputs({"./nowhere.yaml"});
  ASSERT_FALSE(inputs);
  EXPECT_EQ(inputs.error().kind, Error::Kind::not_found);
  EXPECT_EQ(inputs.error().message, "./nowhere.yaml does not exist");
}

TEST(InputOf, NamesAFilePlainly) {
  EXPECT_EQ(input_of("././a.yaml").label, "a.yaml");
  EXPECT_EQ(input_of("-").label, "<stdin>");
}

TEST(ReadObjects, GathersObjectsAndFindings) {
  const Tree tree{{"a.yaml", std::string(service) + "---\nkind: [\n"}, {"b.yaml", service}};
  const auto objects = read_objects({tree.root()}, {}, 1);
  ASSERT_TRUE(objects) << objects.error().message;
  EXPECT_EQ(objects->resources.size(), 2U);
  EXPECT_EQ(objects->findings.size(), 1U);
  EXPECT_FALSE(objects->rendered);
}

TEST(ReadObjects, StopsAtAFileAboveTheLimit) {
  const Tree tree{{"a.yaml", service}};
  const auto objects = read_objects({tree.root()}, {.stream_bytes = 10}, 1);
  ASSERT_FALSE(objects);
  EXPECT_EQ(objects.error().kind, Error::Kind::limit);
}

}  // namespace
}  // namespace sluice::manifests
