// SPDX-License-Identifier: Apache-2.0
#include "promote/past.hpp"

#include <algorithm>

namespace sluice::promote {

namespace {

constexpr unsigned deepest = 100;  ///< versions that a rollback of rollbacks looks through

/// The versions that a file's bytes hold for the ask.
Result<std::vector<std::string>> versions_in(const std::string& path,
                                             std::string bytes,
                                             const Ask& ask) {
  std::vector<File> files;
  files.push_back({.path = path, .bytes = std::move(bytes)});
  const std::vector<std::string> names = {ask.name};
  Survey found;
  SLUICE_TRY_ASSIGN(found, survey(std::move(files), names));
  Request all;
  all.several = Several::all;
  const auto places = places_of(found, ask, all);
  std::vector<std::string> versions;
  if (places) {  // nothing, or nothing that can be told apart: not the version
    for (const std::size_t index : *places) {
      versions.push_back(found.holders[index].old);
    }
  }
  return versions;
}

/// The versions before a revision.
Result<std::vector<std::string>> versions_before(git::Upstream& upstream,
                                                 const git::Revision& revision,
                                                 const Ask& ask) {
  if (revision.previous.empty() || revision.parent.empty()) {
    return std::vector<std::string>();
  }
  git::FileBytes file;
  SLUICE_TRY_ASSIGN(file, upstream.read(revision.parent, revision.path));
  return versions_in(revision.path, std::move(file.bytes), ask);
}

/// The newest revision of one file after which it holds `held`, and what it held before.
struct Turn {
  git::Revision revision;
  std::vector<std::string> before;
};

Result<std::optional<Turn>> find_turn(git::Upstream& upstream,
                                      const std::string& tip,
                                      const Ask& ask,
                                      const std::string& file,
                                      const std::string& held) {
  std::optional<Turn> turn;
  Status failed = ok;
  const std::vector<std::string> paths = {file};
  SLUICE_TRY(upstream.history(tip, paths, [&](const git::Revision& revision) {
    auto before = versions_before(upstream, revision, ask);
    if (!before) {
      failed = before.error();
      return git::Walk::stop;
    }
    const bool same = !before->empty() &&
                      std::ranges::all_of(*before, [&](const auto& each) { return each == held; });
    if (same) {
      return git::Walk::on;
    }
    turn = Turn{.revision = revision, .before = std::move(*before)};
    return git::Walk::stop;
  }));
  SLUICE_TRY(failed);
  return turn;
}

/// Over all files, the newest turn.
Result<std::optional<Turn>> newest_turn(git::Upstream& upstream,
                                        const std::string& tip,
                                        const Ask& ask,
                                        const std::vector<std::string>& files,
                                        const std::string& held) {
  std::optional<Turn> newest;
  for (const std::string& file : files) {
    std::optional<Turn> turn;
    SLUICE_TRY_ASSIGN(turn, find_turn(upstream, tip, ask, file, held));
    if (turn && (!newest || turn->revision.time > newest->revision.time)) {
      newest = std::move(turn);
    }
  }
  return newest;
}

}  // namespace

Result<Arrival> find_arrival(git::Upstream& upstream,
                             const std::string& tip,
                             const Ask& ask,
                             const std::vector<std::string>& files,
                             const std::string& held) {
  std::optional<Turn> turn;
  SLUICE_TRY_ASSIGN(turn, newest_turn(upstream, tip, ask, files, held));
  Arrival arrival;
  if (turn) {
    arrival.commit = turn->revision.commit;
    arrival.time = turn->revision.time;
    for (auto& [key, value] : trailers(turn->revision.message)) {
      if (key == "Verdicts") {
        arrival.verdicts.push_back(value);
      } else if (key == "Source-Commit") {
        arrival.source_commit = value;
      }
    }
  }
  return arrival;
}

Result<std::string> find_previous(git::Upstream& upstream,
                                  const std::string& tip,
                                  const Ask& ask,
                                  const std::vector<std::string>& files,
                                  const std::string& held) {
  std::optional<Turn> turn;
  SLUICE_TRY_ASSIGN(turn, newest_turn(upstream, tip, ask, files, held));
  for (unsigned depth = 0; turn && !trailer(turn->revision.message, "Rolled-Back").empty();) {
    // What a rollback replaced is what nobody wants back: find how the version came first.
    std::string at = turn->revision.parent;
    std::string then = turn->before.empty() ? std::string() : turn->before.front();
    while (turn && !at.empty() && !same_version(then, held)) {
      if (++depth > deepest) {
        return std::string();
      }
      SLUICE_TRY_ASSIGN(turn, newest_turn(upstream, at, ask, files, then));
      at = turn ? turn->revision.parent : std::string();
      then = turn && !turn->before.empty() ? turn->before.front() : std::string();
    }
    if (!turn || at.empty()) {
      return std::string();
    }
    SLUICE_TRY_ASSIGN(turn, newest_turn(upstream, at, ask, files, held));
  }
  if (!turn) {
    return std::string();
  }
  for (const Item& item : items_of(turn->revision.message)) {
    if (item.name == ask.name && same_version(item.after, held) && !item.before.empty()) {
      return item.before;
    }
  }
  return turn->before.empty() ? std::string() : turn->before.front();
}

Result<bool> was_left(git::Upstream& upstream,
                      const std::string& tip,
                      const Ask& ask,
                      const std::vector<std::string>& files,
                      const std::string& version) {
  constexpr unsigned most = 200;  // revisions of one file; older ones are not looked at
  bool found = false;
  Status failed = ok;
  for (const std::string& file : files) {
    unsigned seen = 0;
    const std::vector<std::string> paths = {file};
    SLUICE_TRY(upstream.history(tip, paths, [&](const git::Revision& revision) {
      const auto before = versions_before(upstream, revision, ask);
      if (!before) {
        failed = before.error();
        return git::Walk::stop;
      }
      found = std::ranges::any_of(
          *before, [&](const std::string& each) { return same_version(each, version); });
      return found || ++seen == most ? git::Walk::stop : git::Walk::on;
    }));
    SLUICE_TRY(failed);
    if (found) {
      break;
    }
  }
  return found;
}

History history_of(git::Upstream& upstream, const std::string& tip) {
  History history;
  history.arrival = [&upstream, tip](const std::string& environment, const Ask& ask,
                                     const std::vector<std::string>& files,
                                     const std::string& held) -> Result<Arrival> {
    Arrival arrival;
    SLUICE_TRY_ASSIGN(arrival, find_arrival(upstream, tip, ask, files, held));
    arrival.environment = environment;
    return arrival;
  };
  history.was_left = [&upstream, tip](const Ask& ask, const std::vector<std::string>& files,
                                      const std::string& version) {
    return was_left(upstream, tip, ask, files, version);
  };
  history.is_ancestor = [&upstream](const std::string& ancestor,
                                    const std::string& commit) -> Result<std::optional<bool>> {
    const auto contains = upstream.contains(commit, ancestor);
    if (!contains) {  // commits of another repository
      return std::optional<bool>();
    }
    return std::optional(*contains);
  };
  return history;
}

}  // namespace sluice::promote
