// SPDX-License-Identifier: Apache-2.0
#include "git/upstream.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace sluice::git {

namespace {

/// Whether an Error of kind io is the disk's and not the copy's: a new copy would not help.
bool is_about_the_disk(const Error& error) {
  for (const int number : {ENOSPC, EDQUOT, EFBIG, EROFS, EACCES, EPERM, EMFILE, ENFILE}) {
    if (error.message.find(std::generic_category().message(number)) != std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

Upstream::Upstream(Options options,
                   Cache cache,
                   const Transport& transport,
                   const proc::Runner& runner)
    : options_(std::move(options)),
      cache_(std::move(cache)),
      transport_(&transport),
      runner_(&runner),
      shown_url_(text::printable(without_secret(options_.url))) {}

Result<Upstream> Upstream::open(Options options,
                                const Transport& transport,
                                const proc::Runner& runner) {
  SLUICE_TRY(scheme_of(options.url, options.access));
  Result<Cache> cache = Cache::open(options.cache_dir, options.url);
  if (!cache) {
    return in_context("the cache", std::move(cache.error()));
  }
  return Upstream(std::move(options), std::move(*cache), transport, runner);
}

/// Whether a new copy may help: the old one cannot be read, or lacks what was fetched into it.
bool Upstream::is_damage(const Error& error) const {
  if (error.kind == Error::Kind::io) {
    return !is_about_the_disk(error);
  }
  return error.kind == Error::Kind::not_found &&
         std::ranges::any_of(tips_, [this](const std::string& tip) {
           const Result<bool> there = git::contains(cache_.repository(), tip, tip);
           return !there && there.error().kind == Error::Kind::not_found;
         });
}

/// A new copy with the branches that the old one had.
Status Upstream::mend() {
  tips_.clear();  // a branch may have been set back meanwhile
  SLUICE_TRY(cache_.replace());
  for (const std::string& branch : branches_) {
    Exchange fetched;
    SLUICE_TRY_ASSIGN(
        fetched, transport_->fetch(cache_.repository(), options_.url, branch, options_.access));
    if (fetched.outcome != Outcome::done && fetched.outcome != Outcome::no_branch) {
      return Error{Error::Kind::io,
                   "the copy in the cache was damaged, and fetching a new one "
                   "failed: " +
                       fetched.message};
    }
  }
  return ok;
}

template <class Act>
auto Upstream::mending(Act act) -> decltype(act()) {
  auto result = act();
  if (result || !is_damage(result.error())) {
    return result;
  }
  if (Status mended = mend(); !mended) {
    return std::move(mended.error());
  }
  return act();
}

Result<Exchange> Upstream::fetch(const std::string& branch) {
  if (std::ranges::find(branches_, branch) == branches_.end()) {
    branches_.push_back(branch);
  }
  Result<Exchange> fetched = mending([&] {
    return transport_->fetch(cache_.repository(), options_.url, branch, options_.access);
  });
  if (fetched && fetched->outcome == Outcome::done) {
    tips_.insert(fetched->tip);
  }
  return fetched;
}

Result<Exchange> Upstream::push(const Push& push) {
  Result<Exchange> pushed =
      transport_->push(cache_.repository(), options_.url, push, options_.access);
  if (pushed || pushed.error().kind != Error::Kind::io || is_about_the_disk(pushed.error())) {
    return pushed;
  }
  // The new copy does not hold the commit: the caller has to make it again.
  SLUICE_TRY(mend());
  return Exchange{Outcome::unreachable, {}, "the copy in the cache was damaged and is a new one"};
}

Result<std::vector<TreeFile>> Upstream::files(const std::string& commit,
                                              std::span<const std::string> globs) {
  return mending([&] { return list_files(cache_.repository(), commit, globs); });
}

Result<FileBytes> Upstream::read(const std::string& commit, const std::string& path) {
  return mending([&] { return read_committed(cache_.repository(), commit, path); });
}

Status Upstream::history(const std::string& commit,
                         std::span<const std::string> paths,
                         const std::function<Walk(const Revision&)>& visit) {
  // Gathered first, so that after a mend nothing is told twice.
  std::vector<Revision> told;
  std::size_t next = 0;
  return mending([&] {
    next = 0;
    return walk_history(cache_.repository(), commit, paths, [&](const Revision& revision) {
      if (next++ < told.size()) {
        return Walk::on;
      }
      told.push_back(revision);
      return visit(revision);
    });
  });
}

Result<bool> Upstream::contains(const std::string& commit, const std::string& ancestor) {
  return mending([&] { return git::contains(cache_.repository(), commit, ancestor); });
}

Result<std::string> Upstream::commit(const Draft& draft) {
  return mending(
      [&] { return write_commit(cache_.repository(), draft, options_.signing, *runner_); });
}

}  // namespace sluice::git
