// SPDX-License-Identifier: Apache-2.0
#include "config/sections.hpp"

#include "base/text.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace sluice::config {

namespace {

using YAML::Node;

Match read_match(Reader& r, const Node& node) {
  Match match;
  const std::string what = "environments[].match";
  r.mapping(
      node, what,
      {{"path", [&](const Node& v) { match.path = r.texts(v, what + ".path"); }},
       {"destination",
        [&](const Node& v) { match.destination = r.texts(v, what + ".destination"); }},
       {"app", [&](const Node& v) { match.app = r.texts(v, what + ".app"); }},
       {"namespace", [&](const Node& v) { match.name_space = r.texts(v, what + ".namespace"); }}});
  if (node.IsMap() && node.size() == 0) {
    r.problem(node, what + " is empty; leave it out if the environment takes every unit");
  }
  return match;
}

Environment read_environment(Reader& r, const Node& node) {
  Environment env;
  const std::string what = "environments[]";
  r.mapping(node, what,
            {{"name", [&](const Node& v) { env.name = environment_name(r, v, what + ".name"); }},
             {"match", [&](const Node& v) { env.match = read_match(r, v); }},
             {"kubeVersion",
              [&](const Node& v) { env.kube_version = kube_version(r, v, what + ".kubeVersion"); }},
             {"apiVersions",
              [&](const Node& v) { env.api_versions = api_versions(r, v, what + ".apiVersions"); }},
             {"after", [&](const Node& v) { env.after = r.texts(v, what + ".after"); }}});
  r.require(node, what, {"name"});
  return env;
}

/// Whether the promotion order leads from `name` back to it.
bool is_in_circle(const std::map<std::string, std::vector<std::string>>& after,
                  const std::string& name) {
  std::set<std::string> seen;
  std::vector<std::string> open = after.at(name);
  while (!open.empty()) {
    const std::string next = open.back();
    open.pop_back();
    if (next == name) {
      return true;
    }
    if (const auto known = after.find(next); known != after.end() && seen.insert(next).second) {
      open.insert(open.end(), known->second.begin(), known->second.end());
    }
  }
  return false;
}

void check_order(Reader& r, const Node& node, const std::vector<Environment>& environments) {
  std::map<std::string, std::vector<std::string>> after;
  std::vector<std::string_view> names;
  for (const Environment& env : environments) {
    names.push_back(env.name);
    if (!env.name.empty() && !after.emplace(env.name, env.after).second) {
      r.problem(node, "environment \"" + env.name + "\" is there twice");
    }
  }
  for (const auto& [name, earlier] : after) {
    for (const std::string& other : earlier) {
      if (!after.contains(other)) {
        r.problem(node, "environment \"" + name + "\" comes after \"" + text::printable(other, 80) +
                            "\", which is none" + suggestion(other, names));
      }
    }
    if (is_in_circle(after, name)) {
      r.problem(node, "environment \"" + name + "\" comes after itself");
    }
  }
}

void read_environments(Reader& r, const Node& node, Config& config) {
  bool all_taken = false;
  r.sequence(node, "environments", [&](const Node& item) {
    if (all_taken) {
      r.problem(item, "this environment is never reached: the one before it takes every unit");
    }
    config.environments.push_back(read_environment(r, item));
    all_taken = item.IsMap() && !item["match"];
  });
  check_order(r, node, config.environments);
}

void read_render(Reader& r, const Node& node, Config& config) {
  static constexpr std::array<std::string_view, 3> unstable = {"fail", "warn", "mask"};
  const auto read_ignored = [&](const Node& item) {
    IgnoredPath ignored{.at = r.at(item)};
    const std::string what = "render.ignore[]";
    r.mapping(item, what,
              {{"path", [&](const Node& v) { ignored.path = r.text(v, what + ".path"); }},
               {"reason", [&](const Node& v) { ignored.reason = r.text(v, what + ".reason"); }}});
    r.require(item, what, {"path", "reason"});
    config.ignored_paths.push_back(std::move(ignored));
  };
  r.mapping(
      node, "render",
      {{"ignore", [&](const Node& v) { r.sequence(v, "render.ignore", read_ignored); }},
       {"generatorAnswers",
        [&](const Node& v) { config.generator_answers = inside(r, v, "render.generatorAnswers"); }},
       {"unstable",
        [&](const Node& v) { config.unstable = r.choice(v, "render.unstable", unstable); }}});
}

std::map<std::string, std::string> read_pairs(Reader& r,
                                              const Node& node,
                                              const std::string& what) {
  std::map<std::string, std::string> pairs;
  if (!node.IsMap()) {
    r.problem(node, what + " is a mapping of texts");
    return pairs;
  }
  for (const auto& pair : node) {
    pairs[r.text(pair.first, what)] = r.text(pair.second, what);
  }
  return pairs;
}

void read_clusters(Reader& r, const Node& node, Config& config) {
  r.sequence(node, "clusters", [&](const Node& item) {
    Cluster cluster;
    const std::string what = "clusters[]";
    r.mapping(
        item, what,
        {{"name", [&](const Node& v) { cluster.name = r.text(v, what + ".name"); }},
         {"server", [&](const Node& v) { cluster.server = r.text(v, what + ".server"); }},
         {"labels", [&](const Node& v) { cluster.labels = read_pairs(r, v, what + ".labels"); }},
         {"annotations",
          [&](const Node& v) { cluster.annotations = read_pairs(r, v, what + ".annotations"); }}});
    r.require(item, what, {"name", "server"});
    config.clusters.push_back(std::move(cluster));
  });
}

void read_policies(Reader& r, const Node& node, Config& config) {
  static constexpr std::array<std::string_view, 8> packs = {
      "default", "camel-case", "none", "gpu", "network", "operations", "regions", "registries"};
  const auto read_pack = [&](const Node& v) {
    config.packs.clear();
    r.one_or_more(v, "policies.pack", [&](const Node& item) {
      config.packs.push_back(r.choice(item, "policies.pack", packs));
    });
  };
  const auto read_path = [&](const Node& item) {
    if (std::string path = inside(r, item, "policies.paths[]"); !path.empty()) {
      config.policy_paths.push_back(std::move(path));
    }
  };
  r.mapping(node, "policies", {{"pack", read_pack}, {"paths", [&](const Node& v) {
                                                       r.sequence(v, "policies.paths", read_path);
                                                     }}});
}

void read_validate(Reader& r, const Node& node, Config& config) {
  const auto read_path = [&](const Node& item) {
    if (std::string path = inside(r, item, "validate.crds[]"); !path.empty()) {
      config.crd_paths.push_back(std::move(path));
    }
  };
  r.mapping(node, "validate",
            {{"crds", [&](const Node& v) { r.sequence(v, "validate.crds", read_path); }},
             {"schemaLocations", [&](const Node& v) {
                config.schema_locations = r.texts(v, "validate.schemaLocations");
              }}});
}

void read_externals(Reader& r, const Node& node, Config& config) {
  r.sequence(node, "externals", [&](const Node& item) {
    External external{.at = r.at(item)};
    const std::string what = "externals[]";
    r.mapping(item, what,
              {{"object", [&](const Node& v) { external.object = object(r, v, what + ".object"); }},
               {"environments",
                [&](const Node& v) { external.environments = r.texts(v, what + ".environments"); }},
               {"reason", [&](const Node& v) { external.reason = r.text(v, what + ".reason"); }}});
    r.require(item, what, {"object", "reason"});
    config.externals.push_back(std::move(external));
  });
}

/// After everything is read: keys stand in any order.
void check_externals(Reader& r, const Node& root, const Config& config) {
  std::vector<std::string_view> names;
  for (const Environment& env : config.environments) {
    names.push_back(env.name);
  }
  for (const External& external : config.externals) {
    for (const std::string& env : external.environments) {
      if (std::ranges::find(names, env) == names.end()) {
        r.problem(root["externals"], "externals[].environments names \"" +
                                         text::printable(env, 80) + "\", which is none" +
                                         suggestion(env, names));
      }
    }
  }
}

void read_removals(Reader& r, const Node& node, Config& config) {
  r.sequence(node, "removals", [&](const Node& item) {
    Removal removal{.at = r.at(item)};
    const std::string what = "removals[]";
    r.mapping(
        item, what,
        {{"object", [&](const Node& v) { removal.object = object(r, v, what + ".object"); }},
         {"owner", [&](const Node& v) { removal.owner = r.text(v, what + ".owner"); }},
         {"reason", [&](const Node& v) { removal.reason = r.text(v, what + ".reason"); }},
         {"expires", [&](const Node& v) { removal.expires = day(r, v, what + ".expires"); }}});
    r.require(item, what, {"object", "owner", "reason", "expires"});
    config.removals.push_back(std::move(removal));
  });
}

void read_ignores(Reader& r, const Node& node, Config& config) {
  r.sequence(node, "ignore", [&](const Node& item) {
    Ignore ignore{.at = r.at(item)};
    const std::string what = "ignore[]";
    r.mapping(item, what,
              {{"code", [&](const Node& v) { ignore.code = ignorable_code(r, v, what + ".code"); }},
               {"scope", [&](const Node& v) { ignore.scope = r.text(v, what + ".scope"); }},
               {"owner", [&](const Node& v) { ignore.owner = r.text(v, what + ".owner"); }},
               {"reason", [&](const Node& v) { ignore.reason = r.text(v, what + ".reason"); }},
               {"expires", [&](const Node& v) { ignore.expires = day(r, v, what + ".expires"); }}});
    r.require(item, what, {"code", "scope", "owner", "reason", "expires"});
    config.ignores.push_back(std::move(ignore));
  });
}

void read_may_loosen(Reader& r, const Node& node, Config& config) {
  r.sequence(node, "mayLoosen", [&](const Node& item) {
    config.may_loosen.push_back(r.choice(item, "mayLoosen[]", loosening_sections));
  });
}

void read_gates(Reader& r, const Node& node, Config& config) {
  r.mapping(node, "gates",
            {{"scan", [&](const Node& v) { config.scan_gate = inside(r, v, "gates.scan"); }},
             {"model", [&](const Node& v) { config.model_gate = inside(r, v, "gates.model"); }}});
}

}  // namespace

void read_root(Reader& r, const Node& root, Config& config) {
  const std::vector<Field> repository = {
      {"urls", [&](const Node& v) { config.repository_urls = r.texts(v, "repository.urls"); }}};
  r.mapping(root, "sluice.yaml",
            {{"repository", [&](const Node& v) { r.mapping(v, "repository", repository); }},
             {"kubeVersion",
              [&](const Node& v) { config.kube_version = kube_version(r, v, "kubeVersion"); }},
             {"apiVersions",
              [&](const Node& v) { config.api_versions = api_versions(r, v, "apiVersions"); }},
             {"environments", [&](const Node& v) { read_environments(r, v, config); }},
             {"clusters", [&](const Node& v) { read_clusters(r, v, config); }},
             {"render", [&](const Node& v) { read_render(r, v, config); }},
             {"policies", [&](const Node& v) { read_policies(r, v, config); }},
             {"cost", [&](const Node& v) { read_cost(r, v, config.cost); }},
             {"validate", [&](const Node& v) { read_validate(r, v, config); }},
             {"externals", [&](const Node& v) { read_externals(r, v, config); }},
             {"removals", [&](const Node& v) { read_removals(r, v, config); }},
             {"ignore", [&](const Node& v) { read_ignores(r, v, config); }},
             {"mayLoosen", [&](const Node& v) { read_may_loosen(r, v, config); }},
             {"gates", [&](const Node& v) { read_gates(r, v, config); }},
             {"promote", [&](const Node& v) { read_promote(r, v, config.promote.emplace()); }}});
  if (config.promote) {
    check_promote(r, root["promote"], config);
  }
  check_externals(r, root, config);
}

}  // namespace sluice::config
