// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "git/blobs.hpp"
#include "promote/carry_out.hpp"
#include "promote/commands.hpp"
#include "promote/inventory.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <ostream>
#include <set>

namespace sluice::promote {

namespace {

struct Row {
  Entry entry;
  std::string commit;  ///< that brought the version; empty: not known
  std::int64_t time = 0;
  std::string author;
};

/// The versions of the entries' names that one file holds, or nothing when it is not there.
Result<std::set<std::pair<std::string, std::string>>> held_by(git::Upstream& upstream,
                                                              const std::string& commit,
                                                              const std::string& path) {
  std::set<std::pair<std::string, std::string>> held;
  auto file = upstream.read(commit, path);
  if (!file) {
    return file.error().kind == Error::Kind::not_found ? Result<decltype(held)>(held)
                                                       : std::move(file.error());
  }
  std::vector<File> files;
  files.push_back({.path = path, .bytes = std::move(file->bytes)});
  Survey found;
  SLUICE_TRY_ASSIGN(found, survey(std::move(files)));
  for (const Holder& holder : found.holders) {
    held.emplace(image::normalised_name(holder.name).value_or(holder.name), holder.old);
  }
  return held;
}

/// The folders that hold all the files, as few as there are top folders: what the history is
/// walked by. A path for each file would make each commit cost as much as there are files.
std::vector<std::string> tops_of(const std::vector<Row>& rows) {
  std::set<std::string> tops;
  for (const Row& row : rows) {
    for (const std::string& file : row.entry.files) {
      tops.insert(file.substr(0, file.find('/')));
    }
  }
  return {tops.begin(), tops.end()};
}

/// Goes back through the history until it is known of each row since when it is so.
class Dating {
 public:
  Dating(git::Upstream& upstream, std::vector<Row>& rows) : upstream_(upstream), rows_(rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (const std::string& file : rows[i].entry.files) {
        open_[file].push_back(i);
      }
    }
  }

  Status run(const std::string& tip) {
    Status failed = ok;
    std::string last;  // a commit is told once for each top folder
    SLUICE_TRY(upstream_.history(tip, tops_of(rows_), [&](const git::Revision& revision) {
      if (revision.commit != last) {
        last = revision.commit;
        failed = look(revision);
      }
      return !failed || open_.empty() ? git::Walk::stop : git::Walk::on;
    }));
    return failed;
  }

 private:
  Status look(const git::Revision& revision) {
    std::vector<std::string> changed;
    SLUICE_TRY_ASSIGN(changed,
                      git::changed_files(upstream_.repository(), revision.parent, revision.commit));
    for (const std::string& path : changed) {
      const auto waiting = open_.find(path);
      if (waiting == open_.end()) {
        continue;
      }
      std::set<std::pair<std::string, std::string>> before;
      if (!revision.parent.empty()) {
        SLUICE_TRY_ASSIGN(before, held_by(upstream_, revision.parent, path));
      }
      std::erase_if(waiting->second, [&](std::size_t index) {
        Row& row = rows_[index];
        const bool same = before.contains({row.entry.name, row.entry.version});
        if (!same && row.time <= revision.time) {
          row.commit = revision.commit;
          row.time = revision.time;
          row.author = revision.author;
        }
        return !same;
      });
      if (waiting->second.empty()) {
        open_.erase(waiting);
      }
    }
    return ok;
  }

  git::Upstream& upstream_;
  std::vector<Row>& rows_;
  std::map<std::string, std::vector<std::size_t>> open_;  ///< file to rows not dated yet
};

std::string since_of(const Row& row) {
  return row.commit.empty() ? std::string("-")
                            : time::to_string(time::Seconds(std::chrono::seconds(row.time)));
}

std::string table_of(const std::vector<Row>& rows) {
  std::vector<std::array<std::string, 6>> cells = {
      {"NAME", "ENVIRONMENT", "VERSION", "SINCE", "COMMIT", "HOLD"}};
  for (const Row& row : rows) {
    const Entry& entry = row.entry;
    const std::string reason = !entry.hold           ? ""
                               : entry.hold->empty() ? "held"
                                                     : text::printable(*entry.hold, 60);
    cells.push_back({text::printable(entry.name, 80), entry.environment,
                     text::printable(short_version(entry.version), 60), since_of(row),
                     row.commit.empty() ? "-" : row.commit.substr(0, 10), reason});
  }
  std::array<std::size_t, 6> widths{};
  for (const auto& line : cells) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], line[i].size());
    }
  }
  std::string out;
  for (const auto& line : cells) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      text += line[i] + std::string(widths[i] - line[i].size() + 2, ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + '\n';
  }
  return out;
}

std::string json_of(const std::vector<Row>& rows) {
  std::string out = "[";
  const auto member = [&out](std::string_view key, std::string_view value, char before) {
    out += before;
    text::append_json_string(key, out);
    out += ':';
    text::append_json_string(value, out);
  };
  for (const Row& row : rows) {
    out += out.size() == 1 ? "\n" : ",\n";
    member("name", row.entry.name, '{');
    member("environment", row.entry.environment, ',');
    member("version", row.entry.version, ',');
    member("since", row.commit.empty() ? "" : since_of(row), ',');
    member("commit", row.commit, ',');
    member("author", row.author, ',');
    member("file", row.entry.files.front(), ',');
    out += std::string(",\"held\":") + (row.entry.hold ? "true" : "false");
    member("reason", row.entry.hold.value_or(std::string()), ',');
    out += '}';
  }
  return out + (rows.empty() ? "]\n" : "\n]\n");
}

Result<std::vector<Row>> rows_of(Tree& tree,
                                 const config::Config& config,
                                 const Settings& options) {
  const Environments environments(config);
  std::vector<std::string> names = environments.names();
  if (!options.environments.empty()) {
    names = options.environments;
    for (const std::string& name : names) {
      SLUICE_TRY(environments.before(name));
    }
  }
  if (names.empty()) {
    return Error{Error::Kind::usage,
                 "sluice.yaml names no environments: name those to look at with --env"};
  }
  std::set<std::string> wanted;
  for (const std::string& image : options.images) {
    const auto reference = image::parse(image);
    wanted.insert(reference ? image::normalised_name(*reference) : image);
  }
  std::vector<Row> rows;
  for (const std::string& name : names) {
    std::vector<Entry> entries;
    SLUICE_TRY_ASSIGN(entries, inventory(tree, environments, name));
    for (Entry& entry : entries) {
      if (wanted.empty() || wanted.contains(entry.name)) {
        rows.push_back({.entry = std::move(entry)});
      }
    }
  }
  std::ranges::stable_sort(rows, {}, [](const Row& row) { return row.entry.name; });
  return rows;
}

}  // namespace

Result<diag::Report> run_status(const Settings& options,
                                const cli::Common& common,
                                std::ostream& product) {
  config::Config config;
  std::vector<Row> rows;
  if (is_folder(options.repository)) {
    FolderTree tree(options.repository);
    SLUICE_TRY_ASSIGN(config, config_of(tree, common));
    SLUICE_TRY_ASSIGN(rows, rows_of(tree, config, options));
  } else {
    std::unique_ptr<Site> site;
    SLUICE_TRY_ASSIGN(site, Site::open(options));
    std::string tip;
    SLUICE_TRY_ASSIGN(tip, site->tip(site->branch()));
    CommitTree tree(site->upstream(), tip);
    SLUICE_TRY_ASSIGN(config, config_of(tree, common));
    SLUICE_TRY_ASSIGN(rows, rows_of(tree, config, options));
    SLUICE_TRY(Dating(site->upstream(), rows).run(tip));
  }
  product << (common.format == "json" ? json_of(rows) : table_of(rows));
  return diag::Report{};
}

}  // namespace sluice::promote
