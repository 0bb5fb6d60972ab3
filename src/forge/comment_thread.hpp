// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "forge/caller.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Inside of src/forge only: the comments of one pull request, as requests. Errors everywhere as
/// forge::post() says.
namespace sluice::forge {

struct Comment {
  std::uint64_t id = 0;
  std::string author, body, url;
};

/// https://docs.github.com/rest/issues/comments, https://docs.gitlab.com/api/notes/
class Thread {
 public:
  enum class Change : std::uint8_t { done, gone };  ///< gone: somebody has deleted the comment

  Thread(Caller& caller, std::string pull_request);

  /// Who the token is.
  Result<std::string> self();
  /// The newest commit of the pull request; empty when the token may not know.
  Result<std::string> head();
  Result<std::vector<Comment>> list();
  /// An io error leaves open whether it was made: look.
  Result<Comment> create(const std::string& body);
  Result<Change> update(std::uint64_t id, const std::string& body);
  Result<Change> remove(std::uint64_t id);

 private:
  [[nodiscard]] bool is_github() const { return caller_.project().kind == Kind::github; }
  [[nodiscard]] std::string pull_request() const;
  [[nodiscard]] std::string comments() const;
  [[nodiscard]] std::string comment(std::uint64_t id) const;
  [[nodiscard]] Comment read(const nlohmann::json& item) const;

  Caller& caller_;
  std::string pull_request_;
};

/// What an answer that is not what was hoped for means: the kinds of forge::post().
Error refusal(const Caller& caller, const std::string& what, const Answer& answer);

/// All pages. Unlike Caller::list it tells a forge that does not answer from one that says no.
Result<std::vector<nlohmann::json>> list_pages(Caller& caller, const std::string& path);

}  // namespace sluice::forge
