// SPDX-License-Identifier: Apache-2.0
// A repository of 300 Flux Kustomizations and HelmReleases: each is rendered, or named with the
// reason why it cannot be. Needs helm and kustomize.
#include "support/program.hpp"
#include "support/units.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

constexpr int fleet = 300;

/// A way to write a unit, with NAME in place of its name, and what must be said of it; nothing when
/// it is rendered.
struct Kind {
  std::string_view object;
  std::string_view reason;
};

constexpr std::string_view kustomization = R"(apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: NAME, namespace: flux-system}
spec:
  interval: 10m
  prune: true
)";
constexpr std::string_view release = R"(apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: NAME, namespace: flux-system}
spec:
  interval: 10m
)";

constexpr Kind kustomizations[] = {
    {"  path: ./apps/NAME\n  sourceRef: {kind: GitRepository, name: fleet}\n", ""},
    {"  path: ./apps/NAME\n  sourceRef: {kind: GitRepository, name: fleet}\n"
     "  postBuild: {substitute: {zone: eu}}\n  targetNamespace: web\n",
     ""},
    {"  path: ./apps/NAME\n  sourceRef: {kind: GitRepository, name: other}\n",
     "repository https://git.example.com/acme/other is not this one"},
    {"  path: ./apps/NAME\n  sourceRef: {kind: GitRepository, name: unheard-of}\n",
     "GitRepository flux-system/unheard-of is not in this repository"},
    {"  path: ./apps/NAME\n  sourceRef: {kind: OCIRepository, name: manifests}\n",
     "OCIRepository flux-system/manifests (oci://charts.example.com/manifests) is not in"},
    {"  path: ./apps/NAME\n  sourceRef: {kind: Bucket, name: store}\n",
     "Bucket flux-system/store is not in this repository"},
    {"  path: ./gone/NAME\n  sourceRef: {kind: GitRepository, name: fleet}\n", "gone/NAME"},
    {"  path: ./apps/NAME\n  sourceRef: {kind: GitRepository, name: fleet}\n"
     "  postBuild: {substitute: {other: eu}}\n",
     "zone"},
    {"  path: ./remote\n  sourceRef: {kind: GitRepository, name: fleet}\n",
     "https://git.example.com/acme/other//base?ref=v1, which is not in this repository"},
};

constexpr Kind releases[] = {
    {"  chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: fleet}}}\n", ""},
    {"  chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: fleet}}}\n"
     "  values: {zone: us}\n  suspend: true\n",
     ""},
    {"  chartRef: {kind: HelmChart, name: from-git}\n", ""},
    {"  chart: {spec: {chart: redis, version: 20.x, sourceRef: {kind: HelmRepository, name: "
     "hub}}}\n",
     "chart redis 20.x of HelmRepository flux-system/hub (https://charts.example.com) is not in"},
    {"  chartRef: {kind: OCIRepository, name: manifests}\n",
     "chart of OCIRepository flux-system/manifests (oci://charts.example.com/manifests) is not in"},
    {"  chartRef: {kind: OCIRepository, name: unheard-of}\n",
     "chart of OCIRepository flux-system/unheard-of is not in this repository"},
    {"  chartRef: {kind: HelmChart, name: from-hub}\n",
     "chart redis of HelmRepository flux-system/hub (https://charts.example.com) is not in"},
    {"  chartRef: {kind: ExternalArtifact, name: made}\n",
     "chart of ExternalArtifact flux-system/made is not in this repository"},
    {"  chart: {spec: {chart: ./gone, sourceRef: {kind: GitRepository, name: fleet}}}\n", "gone"},
    {"  chart: {spec: {chart: ./chart, valuesFiles: [chart/gone.yaml], sourceRef: {kind: "
     "GitRepository, name: fleet}}}\n",
     "chart/gone.yaml"},
    {"  chart: {spec: {chart: ./broken, sourceRef: {kind: GitRepository, name: fleet}}}\n",
     "zone is needed"},
};

constexpr std::string_view sources = R"(apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {interval: 1m, url: "https://git.example.com/acme/fleet"}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: other, namespace: flux-system}
spec: {interval: 1m, url: "https://git.example.com/acme/other"}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: manifests, namespace: flux-system}
spec: {interval: 1m, url: "oci://charts.example.com/manifests"}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: hub, namespace: flux-system}
spec: {interval: 1m, url: "https://charts.example.com"}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: {name: from-git, namespace: flux-system}
spec: {interval: 1m, chart: ./chart, sourceRef: {kind: GitRepository, name: fleet}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: {name: from-hub, namespace: flux-system}
spec: {interval: 1m, chart: redis, sourceRef: {kind: HelmRepository, name: hub}}
)";

void write(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string named(std::string_view text, const std::string& name) {
  std::string out(text);
  for (auto at = out.find("NAME"); at != std::string::npos; at = out.find("NAME", at)) {
    out.replace(at, 4, name);
  }
  return out;
}

void write_chart(const fs::path& folder, std::string_view template_text) {
  write(folder / "Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n");
  write(folder / "values.yaml", "zone: eu\n");
  write(folder / "templates/config.yaml", template_text);
}

/// Writes the repository; each unit "prod/flux-system/NAME@prod" with the reason that must be
/// given.
std::map<std::string, std::string> write_fleet(const fs::path& root) {
  constexpr std::string_view config =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\ndata: {zone: \"${zone:=eu}\"}\n";
  write(root / "sluice.yaml", "repository: {urls: [https://git.example.com/acme/fleet]}\n");
  write_chart(root / "chart",
              "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}'}\n"
              "data: {zone: '{{ .Values.zone }}'}\n");
  write_chart(root / "broken", "{{ fail \"zone is needed\" }}\n");
  write(root / "remote/kustomization.yaml",
        "resources: [\"https://git.example.com/acme/other//base?ref=v1\"]\n");
  write(root / "clusters/prod/sources.yaml", sources);
  std::map<std::string, std::string> wanted;
  for (int i = 0; i < fleet; ++i) {
    const bool helm = i % 2 == 0;
    const auto& kind =
        helm ? releases[static_cast<std::size_t>(i / 2) % std::size(releases)]
             : kustomizations[static_cast<std::size_t>(i / 2) % std::size(kustomizations)];
    const auto name = "unit-" + std::to_string(i);
    write(root / ("clusters/prod/" + name + ".yaml"),
          named(helm ? release : kustomization, name) + named(kind.object, name));
    if (!helm) {
      const bool strict = kind.reason == "zone";
      write(
          root / "apps" / name / "config.yaml",
          strict
              ? "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {zone: \"${zone}\"}\n"
              : named(config, name));
    }
    wanted["prod/flux-system/" + name + "@prod"] = named(kind.reason, name);
  }
  return wanted;
}

TEST(FluxFleet, IsRenderedOrNamed) {
  const char* path = std::getenv("PATH");
  for (const std::string program : {"helm", "kustomize"}) {
    const auto found = run({.argv = {"/bin/sh", "-c", "command -v " + program},
                            .env = {"PATH=" + std::string(path)},
                            .cwd = "/"});
    if (found.exit != 0) {
      GTEST_SKIP() << "skipped: " << program << " is not on PATH";
    }
  }
  const Scratch scratch;
  const auto root = scratch.path() / "fleet";
  const auto wanted = write_fleet(root);
  ASSERT_EQ(wanted.size(), fleet);
  const auto ran = run({.argv = {std::string(SLUICE_BIN_DIR) + "/sluice-render", root.string(),
                                 "--index", (scratch.path() / "index.json").string()},
                        .env = {"PATH=" + std::string(path)},
                        .cwd = scratch.path(),
                        .timeout = std::chrono::seconds(300)});
  EXPECT_EQ(ran.exit, 2) << ran.err;
  const auto units = units_in(ran.out);
  std::map<std::string, std::string> named_reasons;
  const auto index = nlohmann::json::parse(read_file(scratch.path() / "index.json"));
  for (const auto& list : {index.at("units"), index.at("skipped")}) {
    for (const auto& unit : list) {
      const auto reason = unit.contains("reason") ? unit.at("reason") : unit.at("skipped");
      if (!reason.is_null()) {
        named_reasons[unit.at("name").get<std::string>() + "@" +
                      unit.at("env").get<std::string>()] = reason;
      }
    }
  }
  int rendered = 0;
  int missing = 0;
  for (const auto& [unit, reason] : wanted) {
    SCOPED_TRACE(unit);
    EXPECT_EQ(units.contains(unit), reason.empty());
    EXPECT_EQ(named_reasons.contains(unit), !reason.empty());
    rendered += units.contains(unit) ? 1 : 0;
    if (!reason.empty()) {
      ++missing;
      EXPECT_NE(named_reasons[unit].find(reason), std::string::npos) << named_reasons[unit];
      const auto name = unit.substr(0, unit.find('@'));
      EXPECT_NE(ran.err.find("no verdict: cannot render " + name + " (prod): "), std::string::npos);
    }
  }
  EXPECT_EQ(rendered + missing, fleet);
  EXPECT_NE(ran.out.find(" skipped=" + std::to_string(missing) + " "), std::string::npos);
  std::printf("%d units: %d rendered, %d named\n", fleet, rendered, missing);
}

}  // namespace
}  // namespace sluice::test
