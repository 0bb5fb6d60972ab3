// SPDX-License-Identifier: Apache-2.0
#include "render/repository.hpp"

#include "base/text.hpp"
#include "io/files.hpp"
#include "render/parallel.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <utility>

namespace sluice::render {
namespace {

bool in_work_tree(const std::string& root) {
  for (std::filesystem::path folder = root;; folder = folder.parent_path()) {
    if (io::exists((folder / ".git").string())) {
      return true;
    }
    if (folder == folder.parent_path()) {
      return false;
    }
  }
}

std::string helper() {
  std::error_code ignored;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const auto beside = (self.parent_path() / "sluice-git").string();
  return !self.empty() && io::exists(beside) ? beside : proc::find_in_path("sluice-git");
}

}  // namespace

Result<std::string> ask_git(const proc::Runner& runner, std::vector<std::string> words) {
  const auto program = helper();
  if (program.empty()) {
    return Error{Error::Kind::not_found,
                 "sluice-git is neither beside sluice-render nor on PATH: install all of Sluice"};
  }
  words.insert(words.begin(), program);
  const std::string what = "sluice-git " + words[1];
  proc::Finished finished;
  // Git refuses a work tree of another owner unless HOME's configuration allows it, so HOME is
  // handed on.
  const char* home = std::getenv("HOME");
  SLUICE_TRY_ASSIGN(finished, runner.run({.argv = std::move(words),
                                          .env = {{"HOME", home == nullptr ? "/" : home}}}));
  if (finished.ended != proc::Ended::exited || finished.code != 0) {
    return Error{Error::Kind::subprocess, proc::describe_failure(what, finished)};
  }
  return std::move(finished.out);
}

namespace {

Result<std::vector<std::string>> all_files(const std::string& root) {
  std::vector<io::Entry> entries;
  SLUICE_TRY_ASSIGN(entries, io::walk(root, [](std::string_view folder) {
                      return folder != ".git" && !folder.ends_with("/.git");
                    }));
  std::vector<std::string> files;
  for (auto& entry : entries) {
    if (entry.kind == io::EntryKind::file || entry.kind == io::EntryKind::symlink) {
      files.push_back(std::move(entry.path));
    }
  }
  return files;
}

Status list_files(delivery::Repository& repository, const proc::Runner& runner, unsigned jobs) {
  const auto& root = repository.root;
  if (in_work_tree(root)) {
    std::string listed;
    SLUICE_TRY_ASSIGN(listed, ask_git(runner, {"files", "-z", root}));
    for (const auto file : text::split(listed, '\0')) {
      repository.files.emplace_back(file);
    }
  }
  repository.tracked = repository.files.size() > 1;  // the list ends with an empty word
  if (!repository.tracked) {  // the export of another revision lies within a work tree, too
    SLUICE_TRY_ASSIGN(repository.files, all_files(root));
  }
  auto listed = std::exchange(repository.files, {});
  std::sort(listed.begin(), listed.end());
  std::vector<io::EntryKind> kinds(listed.size(), io::EntryKind::other);
  parallel(jobs, listed.size(), [&](std::size_t i) {
    kinds[i] = listed[i].empty() ? io::EntryKind::other : io::kind_of(root + "/" + listed[i]);
  });
  for (std::size_t i = 0; i < listed.size(); ++i) {
    if (kinds[i] == io::EntryKind::symlink) {
      repository.links.push_back(listed[i]);
    }
    if (kinds[i] != io::EntryKind::other) {  // deleted, not yet committed
      repository.files.push_back(std::move(listed[i]));
    }
  }
  return ok;
}

}  // namespace

Result<delivery::Repository> open_repository(const std::string& root,
                                             const config::Config& config,
                                             const proc::Runner& runner,
                                             unsigned jobs) {
  delivery::Repository repository{.root = root, .urls = config.repository_urls};
  repository.snapshot = std::make_shared<const io::Snapshot>(root);
  std::future<Result<std::string>> asked;
  if (io::exists(root + "/.git")) {  // below it, origin's paths would not be ours
    asked = std::async(std::launch::async, [&] { return ask_git(runner, {"urls", root}); });
  }
  SLUICE_TRY(list_files(repository, runner, jobs));
  if (asked.valid()) {
    std::string addresses;
    SLUICE_TRY_ASSIGN(addresses, asked.get());
    for (const auto address : text::split(addresses, '\n')) {
      if (!address.empty()) {
        repository.urls.emplace_back(address);
      }
    }
  }
  repository.urls_known = !repository.urls.empty();
  return repository;
}

}  // namespace sluice::render
