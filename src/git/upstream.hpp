// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/cache.hpp"
#include "git/commit.hpp"
#include "git/exchange.hpp"
#include "git/read.hpp"

#include <functional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sluice::git {

/// A repository on a server with its bare copy in the cache: what promotion works on. No work tree,
/// never a force push. A copy that turns out to be damaged is thrown away and fetched again, once,
/// by whatever found it.
class Upstream {
 public:
  struct Options {
    std::string url;
    std::string cache_dir;  ///< kept between runs; made if missing, private to this user
    Access access;
    Signing signing;
  };

  /// `transport` and `runner` must outlive it. Errors: usage (the URL, see scheme_of; a shallow
  /// local repository, with the way out; a cache folder of another user), io.
  static Result<Upstream> open(Options options,
                               const Transport& transport,
                               const proc::Runner& runner);

  Result<Exchange> fetch(const std::string& branch);
  Result<Exchange> push(const Push& push);
  /// As Cache::take_turn.
  [[nodiscard]] Descriptor take_turn(std::chrono::milliseconds longest) const {
    return cache_.take_turn(longest);
  }

  Result<std::vector<TreeFile>> files(const std::string& commit,
                                      std::span<const std::string> globs = {});
  Result<FileBytes> read(const std::string& commit, const std::string& path);
  Status history(const std::string& commit,
                 std::span<const std::string> paths,
                 const std::function<Walk(const Revision&)>& visit);
  Result<bool> contains(const std::string& commit, const std::string& ancestor);
  Result<std::string> commit(const Draft& draft);

  /// Commits from now on are signed so: the repository's own configuration may say how.
  void sign_with(Signing signing) { options_.signing = std::move(signing); }

  /// Of the bare copy, for git::export_tree(path, commit, out).
  [[nodiscard]] const std::string& repository() const { return cache_.repository(); }
  /// For messages: without anything secret.
  [[nodiscard]] const std::string& shown_url() const { return shown_url_; }

 private:
  Upstream(Options options, Cache cache, const Transport& transport, const proc::Runner& runner);

  [[nodiscard]] bool is_damage(const Error& error) const;
  Status mend();
  template <class Act>
  auto mending(Act act) -> decltype(act());

  Options options_;
  Cache cache_;
  const Transport* transport_;
  const proc::Runner* runner_;
  std::string shown_url_;
  std::vector<std::string> branches_;  ///< fetched so far: what a new copy must hold again
  std::set<std::string> tips_;         ///< commits fetched: the copy has them, or is damaged
};

}  // namespace sluice::git
