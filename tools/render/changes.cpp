// SPDX-License-Identifier: Apache-2.0
#include "render/changes.hpp"

#include "base/text.hpp"
#include "io/files.hpp"
#include "render/repository.hpp"

#include <algorithm>
#include <filesystem>

namespace sluice::render {
namespace {

/// "M apps/web/values.yaml", as sluice-git prints it.
void take_lines(std::string_view lines, Changes& changes) {
  for (const auto line : text::split(lines, '\0')) {
    if (line.size() > 2) {
      const auto kind = line.front() == 'M'   ? Changes::Kind::modified
                        : line.front() == 'U' ? Changes::Kind::untracked
                                              : Changes::Kind::structural;
      changes.add(std::string(line.substr(2)), kind);
    }
  }
}

Status add_untracked(const delivery::Repository& repository,
                     const proc::Runner& runner,
                     Changes& changes) {
  if (!repository.tracked) {
    return ok;
  }
  std::string lines;
  SLUICE_TRY_ASSIGN(lines, ask_git(runner, {"changes", "-z", repository.root}));
  take_lines(lines, changes);
  return ok;
}

enum class Same : std::uint8_t { yes, other_bytes, other_type };

Same compare_files(const std::string& a, const std::string& b) {
  const auto kind = io::kind_of(a);
  if (kind != io::EntryKind::file || io::kind_of(b) != kind) {
    std::error_code failed;
    const auto target = std::filesystem::read_symlink(a, failed);
    const bool same = !failed && target == std::filesystem::read_symlink(b, failed) && !failed;
    return same ? Same::yes : Same::other_type;
  }
  const auto left = io::read_file(a);
  const auto right = io::read_file(b);
  return left && right && *left == *right ? Same::yes : Same::other_bytes;
}

/// Whether a link, or what it leads to, may differ.
bool link_differs(const delivery::Repository& repository, const Changes& changes) {
  return std::any_of(repository.links.begin(), repository.links.end(), [&](const auto& link) {
    const auto real = io::resolve_inside(repository.root, link);
    return changes.touch(link) || !real || *real == repository.root ||
           changes.touch(std::string_view(*real).substr(repository.root.size() + 1));
  });
}

/// A link differs when what it leads to differs. Following each of them step by step is not worth
/// it: when one differs, they all count.
void add_links(std::initializer_list<const delivery::Repository*> sides, Changes& changes) {
  const bool all = std::any_of(sides.begin(), sides.end(),
                               [&](const auto* side) { return link_differs(*side, changes); });
  for (const auto* side : sides) {
    for (const auto& link : side->links) {
      if (all) {
        changes.add(link, Changes::Kind::structural);
      }
    }
  }
}

Status compare_folders(const delivery::Repository& head,
                       const proc::Runner& runner,
                       const std::string& folder,
                       Base& base) {
  delivery::Repository other;
  SLUICE_TRY_ASSIGN(other, open_repository(folder, {}, runner));
  for (const auto& file : head.files) {
    if (!other.has_file(file)) {
      base.changes.add(file, Changes::Kind::structural);
      continue;
    }
    const auto same = compare_files(head.root + "/" + file, folder + "/" + file);
    if (same != Same::yes) {
      base.changes.add(
          file, same == Same::other_bytes ? Changes::Kind::modified : Changes::Kind::structural);
    }
  }
  for (const auto& file : other.files) {
    if (!head.has_file(file)) {
      base.changes.add(file, Changes::Kind::structural);
    }
  }
  SLUICE_TRY(add_untracked(head, runner, base.changes));
  SLUICE_TRY(add_untracked(other, runner, base.changes));
  add_links({&head, &other}, base.changes);
  base.modified = folder;
  base.tree = folder;
  return ok;
}

}  // namespace

void Changes::add(std::string path, Kind kind) {
  const auto [place, added] = paths_.emplace(std::move(path), kind);
  if (!added && place->second == Kind::modified) {
    place->second = kind;
  }
}

bool Changes::touch(std::string_view place) const {
  if (place.empty() || place == ".") {
    return !paths_.empty();
  }
  if (paths_.find(place) != paths_.end()) {
    return true;
  }
  const auto below = std::string(place) + "/";
  const auto next = paths_.lower_bound(below);
  if (next != paths_.end() && next->first.starts_with(below)) {
    return true;
  }
  // A folder of which nothing is tracked, above the place.
  for (auto slash = place.find('/'); slash != std::string_view::npos;
       slash = place.find('/', slash + 1)) {
    if (paths_.find(place.substr(0, slash + 1)) != paths_.end()) {
      return true;
    }
  }
  return false;
}

Result<Base> compare_with_base(const delivery::Repository& head,
                               const std::string& base,
                               const proc::Runner& runner,
                               const std::string& sandbox) {
  Base found;
  std::error_code failed;
  if (base.starts_with('/') || base.starts_with('.')) {  // no revision begins so
    const auto folder = std::filesystem::canonical(base, failed).string();
    if (failed) {
      return Error{Error::Kind::not_found, text::printable(base) + ": " + failed.message()};
    }
    SLUICE_TRY(compare_folders(head, runner, folder, found));
  } else {
    found.revision = base;
    found.modified = sandbox + "/base-modified";
    std::string lines;
    SLUICE_TRY_ASSIGN(lines, ask_git(runner, {"changes", "-z", "--rev=" + base,
                                              "--out=" + found.modified, head.root}));
    take_lines(lines, found.changes);
    add_links({&head}, found.changes);
  }
  return found;
}

Status export_base(const delivery::Repository& head,
                   const proc::Runner& runner,
                   const std::string& sandbox,
                   Base& base) {
  if (!base.tree.empty()) {
    return ok;
  }
  const auto folder = sandbox + "/base";
  SLUICE_TRY(
      ask_git(runner, {"export", "--rev=" + base.revision, "--out=" + folder, head.root})
          ? ok
          : Status(Error{Error::Kind::subprocess, "the base " + text::printable(base.revision) +
                                                      " cannot be read: sluice-git export fails"}));
  base.tree = folder;
  return ok;
}

}  // namespace sluice::render
