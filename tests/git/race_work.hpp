// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

/// What there is to do in the race, and how to see that it is done.
namespace sluice::git {

constexpr unsigned workers = 16;
constexpr unsigned services = 50;

inline unsigned promotions() {
  const char* const wanted = std::getenv("SLUICE_RACE");
  return wanted == nullptr ? 8 : static_cast<unsigned>(std::atoi(wanted));
}

/// Who promotes: a small program over src/git, or sluice-promote itself.
enum class Promoters { small, tool };

/// Each service has one file. The small program counts in it and names its id; the tool sets one of
/// the file's images, another one each time, so that the second time would change nothing.
struct Work {
  Promoters who;

  [[nodiscard]] std::string file(unsigned promotion) const {
    const std::string service = "apps/s" + std::to_string(promotion % services);
    return service + (who == Promoters::small ? ".txt" : "/kustomization.yaml");
  }

  static std::string image(unsigned promotion) {
    return "registry.example.com/acme/s" + std::to_string(promotion % services) + "-" +
           std::to_string(promotion / services);
  }

  [[nodiscard]] std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (unsigned i = 0; i < std::max(services, promotions()); ++i) {
      std::string& text = all[file(i)];
      if (who == Promoters::small) {
        text = "0\n";
      } else {
        text = (text.empty() ? "images:\n" : text) + "  - name: " + image(i) +
               "\n    newTag: 1.0.0 # of the pipeline\n";
      }
    }
    if (who == Promoters::tool) {
      all["sluice.yaml"] = "environments:\n  - name: dev\n    match: {path: [\"apps/**\"]}\n";
    }
    return all;
  }

  [[nodiscard]] const char* trailer() const {
    return who == Promoters::small ? "Promotion-Id" : "Promoted-Image";
  }

  /// How often the file says that something was promoted.
  [[nodiscard]] std::size_t count(const std::string& text) const {
    if (who == Promoters::small) {
      return static_cast<std::size_t>(std::atoi(text.c_str()));
    }
    std::size_t n = 0;
    constexpr std::string_view done = "newTag: 2.0.0 # of the pipeline\n";
    for (std::size_t at = 0; (at = text.find(done, at)) != std::string::npos; at += done.size()) {
      ++n;
    }
    return n;
  }
};

}  // namespace sluice::git
