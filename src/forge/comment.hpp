// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "forge/forge.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// One comment on a pull request (a note on GitLab's merge request) that several runs keep up to
/// date instead of adding their own.
namespace sluice::forge {

/// Which of two runs is the newer one: by the CI system's own counter, then by its attempt. 0 is
/// unknown, and never newer.
struct Stamp {
  std::string commit;  ///< that the comment speaks of: the pull request's newest, then
  std::uint64_t run = 0;
  std::uint64_t attempt = 0;

  friend bool operator==(const Stamp&, const Stamp&) = default;
};
bool is_newer(const Stamp& a, const Stamp& b);

/// The first line of a comment, invisible for readers:
/// `<!-- sluice:cost-proxy key=default v=1 sha=1f2e run=17.1 -->`. Two comments of one tool with
/// different keys stand side by side. Anything but [A-Za-z0-9._-] is left out of the words.
std::string marker(std::string_view tool, std::string_view key, const Stamp& stamp);

/// The stamp of a comment of this tool and key; nothing when the first line is no such marker.
std::optional<Stamp> read_marker(std::string_view body,
                                 std::string_view tool,
                                 std::string_view key);

/// What the comment is to be.
struct Sticky {
  enum class Absent : std::uint8_t {
    create,  ///< make it
    leave,   ///< there is no comment, and none is needed
  };
  enum class Wanted : std::uint8_t { there, gone };

  std::string pull_request;  ///< its number (GitLab: iid)
  std::string tool, key;
  Stamp stamp;
  std::string text;    ///< Markdown after the marker
  std::string author;  ///< whose comments are ours; empty: the owner of the token
  Absent absent = Absent::create;
  Wanted wanted = Wanted::there;
};

enum class Posted : std::uint8_t {
  created,
  updated,
  unchanged,   ///< it said that already
  removed,     ///< wanted gone, and it was there
  absent,      ///< there is none, and none was wanted
  superseded,  ///< a newer run has spoken, or is about to: its comment stays
};

struct Posting {
  Posted what = Posted::unchanged;
  std::string url;             ///< for people; empty where the forge gives none
  std::size_t duplicates = 0;  ///< that were taken away
};

/// Makes the pull request hold exactly one comment with this marker by this author, with this text.
/// It looks again after each write until what it sees is right: of two jobs that race, both end
/// with the comment of the newer run, and duplicates are gone. A run whose commit is no longer the
/// newest of the pull request makes the first comment, but changes none. A comment of another
/// author is never touched, whatever its first line says.
///
/// `client` must outlive the call. Errors: unsupported (403: the token may not write here, as in
/// runs for forks), io (no answer, no patience left), usage (the forge says no otherwise), parse.
Result<Posting> post(const http::Client& client,
                     const Project& project,
                     const Access& access,
                     const Sticky& sticky);

/// Where the change of a pull request comes from.
struct Head {
  std::string owner;   ///< of the repository, perhaps a fork
  std::string branch;  ///< hostile: whoever opened the pull request named it
  std::string commit;
};

/// Numbers of GitHub's open pull requests of that branch whose newest commit is that one: what a
/// `workflow_run` event of a fork does not say. Errors: as post().
Result<std::vector<std::string>> pull_requests_of(const http::Client& client,
                                                  const Project& project,
                                                  const Access& access,
                                                  const Head& head);

}  // namespace sluice::forge
