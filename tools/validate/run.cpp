// SPDX-License-Identifier: Apache-2.0
#include "validate/run.hpp"

#include "base/text.hpp"
#include "config/config.hpp"
#include "http/helper.hpp"
#include "validate/duplicates.hpp"
#include "validate/parallel.hpp"
#include "validate/pass.hpp"
#include "validate/schema_cache.hpp"
#include "validate/versions.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace sluice::validate {
namespace {

constexpr std::size_t whole = ~std::size_t{0};
constexpr std::size_t objects_in_slice = 64;

/// CustomResourceDefinitions of --crds, kept alive beside the registry that points into them.
struct Catalogue {
  std::vector<std::unique_ptr<const yaml::Stream>> streams;
  schema::Registry registry;
};

void add_crds(const std::vector<k8s::Resource>& resources,
              schema::Registry& registry,
              std::vector<diag::Finding>& findings) {
  for (const k8s::Resource& resource : resources) {
    if (resource.ref.kind == "CustomResourceDefinition") {
      registry.add(*resource.document, *resource.object, {}, findings);
    }
  }
}

Status read_crds(const Options& options,
                 Catalogue& catalogue,
                 std::vector<diag::Finding>& findings) {
  std::vector<manifests::Input> inputs;
  SLUICE_TRY_ASSIGN(inputs, manifests::find_inputs(options.crds));
  for (const manifests::Input& input : inputs) {
    std::string bytes;
    SLUICE_TRY_ASSIGN(bytes, manifests::read_bytes(input, options.limits.stream_bytes));
    if (bytes.find("CustomResourceDefinition") == std::string::npos) {
      continue;  // a folder may hold much else, such as templates, that is nobody's schema
    }
    auto stream = yaml::parse(std::move(bytes), input.label, options.limits);
    if (!stream) {
      return std::move(stream.error());
    }
    findings.insert(findings.end(), stream->findings.begin(), stream->findings.end());
    catalogue.streams.push_back(std::make_unique<const yaml::Stream>(std::move(*stream)));
    std::vector<diag::Finding>
        ignored;  // files beside the definitions are not what was asked about
    const auto resources = k8s::resources(*catalogue.streams.back(), ignored);
    add_crds(resources, catalogue.registry, findings);
  }
  return ok;
}

/// Several files: each is one task, the largest first. One file: its documents are the tasks.
void check_builtins(const Pass& pass, std::vector<File>& files, unsigned jobs) {
  if (files.size() == 1) {
    File& file = files.front();
    pass.open(file, jobs, objects_in_slice);
    for_each_index(file.slices.size(), jobs,
                   [&](std::size_t i) { pass.check_builtin(file, file.slices[i]); });
    return pass.check_references(file);
  }
  for_each_index(files.size(), jobs, [&](std::size_t i) {
    File& file = files[i];
    pass.open(file, 1, whole);
    for (Slice& slice : file.slices) {
      pass.check_builtin(file, slice);
    }
    pass.check_references(file);
    pass.release(file);
  });
}

void add_stream_crds(const std::vector<File>& files,
                     schema::Registry& registry,
                     std::vector<diag::Finding>& findings) {
  for (const File& file : files) {
    for (const Slice& slice : file.slices) {
      for (const std::size_t i : slice.crds) {
        const k8s::Resource& crd = file.resources[i];
        registry.add(*crd.document, *crd.object, crd.env(), findings);
      }
    }
  }
}

void check_customs(const Pass& pass, std::vector<File>& files, unsigned jobs) {
  std::vector<std::pair<const File*, Slice*>> work;
  for (File& file : files) {
    for (Slice& slice : file.slices) {
      if (!slice.waiting.empty()) {
        work.emplace_back(&file, &slice);
      }
    }
  }
  for_each_index(work.size(), jobs,
                 [&](std::size_t i) { pass.check_waiting(*work[i].first, *work[i].second); });
}

/// Objects of renders belong together, in however many files they are.
void check_whole(const Pass& pass, std::vector<File>& files, std::vector<diag::Finding>& findings) {
  std::vector<k8s::Resource> objects;
  for (File& file : files) {
    if (pass.is_whole(file)) {
      std::move(file.resources.begin(), file.resources.end(), std::back_inserter(objects));
      file.resources.clear();
    }
  }
  pass.check_references(objects, references::Knowledge::whole, findings);
}

references::Externals externals_of(const config::Config& config) {
  std::vector<references::External> out;
  for (const config::External& row : config.externals) {
    const auto parts = text::split(row.object, '/');  // two or three, as config has checked
    out.push_back({.kind = std::string(parts.front()),
                   .name_space = parts.size() == 3 ? std::string(parts[1]) : std::string{},
                   .name = std::string(parts.back()),
                   .environments = row.environments});
  }
  return references::Externals(std::move(out));
}

/// Where paths of sluice.yaml begin.
std::string base_of(const cli::Common& common, const config::Config& config) {
  const auto slash = common.config.rfind('/');
  return config.file.empty() || slash == std::string::npos ? ""
                                                           : common.config.substr(0, slash + 1);
}

/// The flags, and what sluice.yaml adds to them.
Result<Options> with_config(Options options,
                            const config::Config& config,
                            const std::string& base) {
  for (const std::string& path : config.crd_paths) {
    options.crds.push_back(base + path);
  }
  for (const std::string& text : config.schema_locations) {
    auto location =
        schema::Location::parse(schema::is_url(text) || text.starts_with('/') ? text : base + text);
    if (!location) {
      return in_context(config.file, std::move(location.error()));
    }
    options.locations.push_back(std::move(*location));
  }
  if (options.schema_lock.empty()) {
    options.schema_lock = base + "sluice-schemas.lock";
  }
  if (options.schema_cache.empty()) {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    options.schema_cache = (cache != nullptr && *cache == '/' ? std::string(cache)
                            : home != nullptr && *home == '/' ? std::string(home) + "/.cache"
                                                              : ".cache") +
                           "/sluice/schemas";
  }
  return options;
}

/// The way to the network, when a location is an address; it needs no library in this process.
struct Remote {
  std::unique_ptr<proc::Runner> runner;
  std::unique_ptr<http::Client> client;
  std::unique_ptr<SchemaCache> cache;
};

Result<Remote> open_remote(const Options& options, schema::Registry& registry) {
  Remote out;
  const bool wanted = std::any_of(options.locations.begin(), options.locations.end(),
                                  [](const auto& l) { return schema::is_url(l.root()); });
  if (!wanted) {
    return out;
  }
  out.runner = proc::make_runner();
  out.client = http::make_helper_client(*out.runner);
  auto cache = SchemaCache::open({.folder = options.schema_cache, .lock = options.schema_lock},
                                 options.fetch_schemas ? Network::on : Network::off, *out.client);
  if (!cache) {
    return std::move(cache.error());
  }
  out.cache = std::make_unique<SchemaCache>(std::move(*cache));
  registry.set_fetch([kept = out.cache.get()](const std::string& url) { return kept->get(url); });
  return out;
}

template <class T>
void move_into(std::vector<T>& from, std::vector<T>& to) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

/// The lines for people about what was looked at, and what was not.
void summarise(const std::vector<File>& files, const Versions& versions, diag::Report& report) {
  std::size_t objects = 0;
  std::uint64_t left_out = 0;
  std::map<std::string, std::size_t> missing;
  std::map<std::string, std::uint32_t> cel;
  std::set<std::string, std::less<>> envs;
  for (const File& file : files) {
    objects += file.objects;
    left_out += file.left_out;
    for (const Slice& slice : file.slices) {
      for (const auto& [kind, count] : slice.missing) {
        missing[kind] += count;
      }
      cel.insert(slice.cel.begin(), slice.cel.end());
      envs.insert(slice.envs.begin(), slice.envs.end());
    }
  }
  report.summary.push_back(text::counted(objects, "object"));
  report.summary.push_back(versions.text(envs));
  if (!cel.empty()) {
    const std::size_t rules =
        std::accumulate(cel.begin(), cel.end(), std::size_t{0},
                        [](std::size_t sum, const auto& row) { return sum + row.second; });
    report.summary.push_back(text::counted(rules, "CEL rule") + " of " +
                             text::counted(cel.size(), "kind") + " not evaluated");
  }
  for (const auto& [kind, count] : missing) {
    report.skipped.push_back(text::counted(count, "object") + " of " + kind + ": no schema");
  }
  if (left_out != 0) {
    report.skipped.push_back(text::counted(left_out, "object") + " left out by the render");
  }
}

diag::Report gather(std::vector<File>& files, const Versions& versions) {
  diag::Report report;
  for (File& file : files) {
    if (file.error) {
      report.no_verdict.push_back(file.error->message);
    }
    move_into(file.findings, report.findings);
    for (Slice& slice : file.slices) {
      move_into(slice.findings, report.findings);
      move_into(slice.ledger, report.ledger);
    }
  }
  auto twice = duplicates(files);
  move_into(twice, report.findings);
  summarise(files, versions, report);
  return report;
}

bool wants_ledger(const cli::Common& common) {
  return common.format == "ledger" ||
         std::any_of(common.reports.begin(), common.reports.end(),
                     [](const auto& report) { return report.first == "ledger"; });
}

}  // namespace

Result<diag::Report> run(const Options& flags, const cli::Common& common) {
  if (common.inputs.empty()) {
    return Error{Error::Kind::usage, "name a file, a folder, or - for standard input"};
  }
  config::Config config;
  SLUICE_TRY_ASSIGN(config, config::load(common.config, "."));
  Options options;
  SLUICE_TRY_ASSIGN(options, with_config(flags, config, base_of(common, config)));
  Versions versions;
  SLUICE_TRY_ASSIGN(versions, Versions::choose(options, config));
  std::vector<manifests::Input> inputs;
  SLUICE_TRY_ASSIGN(inputs, manifests::find_inputs(common.inputs));
  Catalogue catalogue;
  std::vector<diag::Finding> findings;
  SLUICE_TRY(read_crds(options, catalogue, findings));
  for (const schema::Location& location : options.locations) {
    catalogue.registry.add(location);
  }
  Remote remote;
  SLUICE_TRY_ASSIGN(remote, open_remote(options, catalogue.registry));
  std::vector<File> files(inputs.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    files[i].input = std::move(inputs[i]);
  }
  const references::Externals externals = externals_of(config);
  const Pass pass{options,
                  versions,
                  catalogue.registry,
                  externals,
                  wants_ledger(common) ? Ledger::write : Ledger::leave,
                  remote.cache != nullptr && !options.fetch_schemas};
  check_builtins(pass, files, common.jobs);
  if (options.stream_crds) {
    add_stream_crds(files, catalogue.registry, findings);
  }
  check_customs(pass, files, common.jobs);
  check_whole(pass, files, findings);
  if (remote.cache != nullptr) {
    SLUICE_TRY(remote.cache->save());
  }
  diag::Report report = gather(files, versions);
  auto unusable = catalogue.registry.problems();
  move_into(unusable, report.no_verdict);
  move_into(findings, report.findings);
  const bool nothing =
      std::all_of(files.begin(), files.end(), [](const File& file) { return file.objects == 0; });
  if (nothing && report.findings.empty() && report.no_verdict.empty() && !options.allow_empty) {
    report.no_verdict.emplace_back(
        "there is no Kubernetes object in the input; say --allow-empty if that is right");
  }
  SLUICE_TRY(config::apply_ignores(config, common.now, report));
  SLUICE_TRY(cli::apply(options.living_with, report));
  return report;
}

}  // namespace sluice::validate
