// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/handle.hpp"
#include "git/wire.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

/// Inside of src/git only: one exchange with a server through libgit2, in this process.
namespace sluice::git {

/// What libgit2's callbacks are asked and told. `alive` counts every sign of life of the server.
class Session {
 public:
  explicit Session(const Request& request) : request_(request) {}

  void fill(git_remote_callbacks& callbacks);
  void fill(git_proxy_options& proxy) const;

  /// Of a call that failed with `code`, just now and on this thread.
  [[nodiscard]] Reply explain(int code) const;
  /// With what the server has said on the side.
  [[nodiscard]] Reply reply(Outcome outcome, const std::string& message) const;

  [[nodiscard]] const Request& request() const { return request_; }

  std::atomic<std::uint64_t> alive = 0;
  std::atomic<bool> connected = false;  ///< the server has answered something
  std::atomic<bool> sent = false;       ///< the pack is on its way
  bool moved = false;                   ///< the branch was not where it was expected
  std::string status;                   ///< what the server said of the branch, when it was a no

 private:
  enum class Trouble : std::uint8_t {
    none,
    no_token,
    token_refused,
    no_key,
    key_refused,
    unknown_host,
    unsupported_login,
  };

  static int on_credentials(
      git_credential** out, const char* url, const char* user, unsigned allowed, void* self);
  static int on_certificate(git_cert* certificate, int valid, const char* host, void* self);
  static int on_sideband(const char* text, int length, void* self);
  static int on_transfer(const git_indexer_progress* progress, void* self);
  static int on_push_transfer(unsigned current, unsigned total, std::size_t bytes, void* self);
  static int on_pack(int stage, std::uint32_t current, std::uint32_t total, void* self);
  static int on_negotiation(const git_push_update** updates, std::size_t count, void* self);
  static int on_status(const char* name, const char* status, void* self);

  int give_token(git_credential** out);
  int give_key(git_credential** out, const char* user);
  [[nodiscard]] std::string way_out() const;
  [[nodiscard]] Reply explain_status(int http) const;
  [[nodiscard]] std::string said() const;

  const Request& request_;
  Trouble trouble_ = Trouble::none;
  unsigned asked_ = 0;
  std::string host_key_;  ///< fingerprint of the one that is not known
  std::string sideband_;
};

/// What to do about a branch's lock that stays. Git itself leaves it when it is killed.
inline constexpr std::string_view lock_in_the_way =
    "unless another push is on its way, a program that was killed has left that lock behind: the "
    "server's owner has to remove the file";

/// Reads the branch and brings it into the repository. Replies: done with the tip, no_branch,
/// refused, unreachable; or side here.
Reply fetch_now(Session& session);

/// Sends the commit. Replies: done (the server said yes), lost_race (seen before sending),
/// rejected, refused, unreachable; or side here.
Reply push_now(Session& session);

/// The same as push_now for a repository on this machine. libgit2's own push to a path is not used:
/// it overwrites a branch that has moved meanwhile.
Reply push_to_path(const Request& request, const std::string& path);

/// "file:///srv/x%20y.git" and "/srv/x y.git" as a path.
std::string path_of(const std::string& url);

}  // namespace sluice::git
