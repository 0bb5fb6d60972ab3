// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cache/store.hpp"
#include "http/client.hpp"
#include "proc/runner.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

namespace sluice::render {

/// Renders that machines share through an HTTP server: GET and PUT of URL/ac/KEY, the layout in
/// which bazel-remote (without its check of action results) and ccache's HTTP storage keep entries;
/// any server with WebDAV's PUT will do. An entry proves that it is whole, not who wrote it:
/// whoever may write there decides what is rendered.
///
/// A server that does not answer is not asked again in this run: a cache must not cost more than it
/// saves.
class RemoteCache : public cache::Remote {
 public:
  enum class Writes : std::uint8_t { no, yes };

  /// `runner` outlives it: the helper sluice-http does the asking.
  RemoteCache(const proc::Runner& runner, std::string url, Writes writes);

  [[nodiscard]] std::optional<std::string> get(const std::string& name) const override;
  void put(const std::string& name, std::string_view entry) const override;

  /// Why the server was given up, printable; empty when it was not.
  [[nodiscard]] std::string trouble() const;

 private:
  [[nodiscard]] std::optional<http::Response> ask(http::Request request) const;
  void give_up(std::string why) const;

  std::unique_ptr<http::Client> client_;
  std::string url_;
  Writes writes_;
  mutable std::atomic<bool> gone_ = false;
  mutable std::mutex mutex_;
  mutable std::string trouble_;
};

}  // namespace sluice::render
