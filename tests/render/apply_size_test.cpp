// SPDX-License-Identifier: Apache-2.0
#include "render/apply_size.hpp"

#include "yaml/parse.hpp"

#include <gtest/gtest.h>

namespace sluice::render {
namespace {

using delivery::Apply;

TEST(TooLargeToApply, CountsWhatTheAnnotationWouldHold) {
  constexpr std::size_t around =
      std::string_view(
          R"({"apiVersion":"v1","data":{"a":""},"kind":"ConfigMap","metadata":{"name":"m"}})")
          .size();
  constexpr std::size_t annotation = 49;  // its name, and the line break that kubectl adds
  constexpr std::size_t fits = 262'144 - around - annotation;
  const std::string force =
      "\n  annotations: {argocd.argoproj.io/sync-options: 'Prune=false,Replace=true'}";
  const struct {
    std::size_t value;
    Apply apply;
    std::string annotations;
    std::string wanted;
  } rows[] = {
      {fits, Apply::client_side, "", ""},
      {fits + 1, Apply::client_side, "", "error render/too-large"},
      {fits + 1, Apply::unknown, "", "warning render/too-large"},
      {fits + 1, Apply::server_side, "", ""},
      {fits + 1, Apply::client_side, force, ""},
      {fits - 1, Apply::client_side, "\n  annotations: {b: c}", "error render/too-large"},
      {10, Apply::client_side, "", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::to_string(row.value) + row.annotations);
    const auto stream =
        yaml::parse("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m" + row.annotations +
                        "\ndata: {a: " + std::string(row.value, 'x') + "}\n",
                    "m.yaml");
    const auto finding = too_large_to_apply(stream->documents.front(), row.apply);
    EXPECT_EQ(finding ? std::string(diag::name(finding->severity)) + " " + finding->code : "",
              row.wanted);
  }
}

}  // namespace
}  // namespace sluice::render
