// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "forge/forge.hpp"
#include "http/client.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

/// Inside of src/forge only: requests to a forge, with what its limits ask for.
namespace sluice::forge {

struct Answer {
  int status = 0;
  nlohmann::json body;  ///< null when it is none
  std::string next;     ///< address of the next page, or empty
};

enum class Repeat : std::uint8_t {
  safe,    ///< asking twice is asking once: again after any failure that may pass
  unsafe,  ///< a change: again only when the forge has said that it did not take it (429)
};

class Caller {
 public:
  Caller(const http::Client& client, Project project, Access access);

  /// `path` begins after the API's base, or is a whole address at the same host. Waits where the
  /// forge says so (Retry-After, X-RateLimit-Reset, GitHub's secondary limit), at most `patience`
  /// in all. Any status is an Answer. Errors: io (no connection, no patience), parse (no JSON).
  Result<Answer> call(const std::string& method,
                      const std::string& path,
                      const nlohmann::json& body,
                      Repeat repeat);

  /// All items of all pages of a list (at most 100 pages). Errors: as call(), and any status but
  /// 200.
  Result<std::vector<nlohmann::json>> list(const std::string& path);

  /// Waits, if `patience` allows it. Errors: io ("GitHub: <why>, and it asks to wait ...").
  Status wait(std::chrono::seconds time, const std::string& why);

  [[nodiscard]] const Project& project() const { return project_; }
  /// "GitHub", "GitLab", for messages.
  [[nodiscard]] std::string name() const;
  /// What a status that ends the matter means: "GitHub: creating the pull request: 403: ...".
  /// Of kind usage, unlike a forge that does not answer.
  [[nodiscard]] Error failure(const std::string& what, const Answer& answer) const;

 private:
  [[nodiscard]] http::Request request(const std::string& method,
                                      const std::string& url,
                                      const nlohmann::json& body) const;
  Result<http::Response> send(const http::Request& request, Repeat repeat);

  const http::Client& client_;
  Project project_;
  Access access_;
  std::chrono::seconds waited_{0};
};

/// One path segment, percent-encoded: '/' too.
std::string segment(std::string_view text);

}  // namespace sluice::forge
