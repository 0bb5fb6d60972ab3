// SPDX-License-Identifier: Apache-2.0
#include "schema/lifecycle.hpp"

#include <gtest/gtest.h>

namespace sluice::schema {
namespace {

KubeVersion version(std::string_view text) {
  return *parse_kube_version(text);
}

/// The table against the schemas themselves: nothing is served in the version that removes it, and
/// what ends within the versions that are compiled in has a row.
TEST(Lifecycle, AgreesWithWhatIsServed) {
  const auto all = kube_versions();
  for (const BuiltinKind& kind : builtin_kinds()) {
    SCOPED_TRACE(kind.name.api_version() + " " + std::string(kind.name.kind));
    const Lifecycle* row = lifecycle_of(kind.name);
    std::uint32_t last = 0;
    for (const KubeVersion at : all) {
      last = builtin_definition(kind.number, at) ? at.minor : last;
    }
    if (row != nullptr && row->removed != 0) {
      EXPECT_LT(last, row->removed);
    }
    const bool alpha = kind.name.version.find("alpha") != std::string_view::npos;  // go unannounced
    if (last < all.back().minor && !alpha) {
      ASSERT_NE(row, nullptr) << "gone after 1." << last;
      EXPECT_EQ(row->removed, last + 1);
    }
  }
}

TEST(Lifecycle, NamesAReplacementThatIsThere) {
  const GroupVersionKind flow{"flowcontrol.apiserver.k8s.io", "v1beta2", "FlowSchema"};
  EXPECT_EQ(deprecation_of(flow, version("1.25")), std::nullopt);
  EXPECT_EQ(deprecation_of(flow, version("1.26"))->hint,
            "use apiVersion flowcontrol.apiserver.k8s.io/v1beta3");
  EXPECT_EQ(deprecation_of(flow, version("1.26"))->message,
            "FlowSchema (flowcontrol.apiserver.k8s.io/v1beta2) is deprecated since Kubernetes 1.26 "
            "and gone in 1.29");
  EXPECT_EQ(deprecation_of({"apps", "v1", "Deployment"}, version("1.37")), std::nullopt);
  EXPECT_EQ(deprecation_of({"", "v1", "Endpoints"}, version("1.32")), std::nullopt);
  EXPECT_NE(deprecation_of({"", "v1", "Endpoints"}, version("1.33")), std::nullopt);
  EXPECT_EQ(deprecation_of({"example.com", "v1beta1", "Widget"}, version("1.33")), std::nullopt);
}

}  // namespace
}  // namespace sluice::schema
