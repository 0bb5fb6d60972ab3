// SPDX-License-Identifier: Apache-2.0
#include "render/remote_cache.hpp"

#include "http/helper.hpp"

namespace sluice::render {

RemoteCache::RemoteCache(const proc::Runner& runner, std::string url, Writes writes)
    : client_(http::make_helper_client(runner)), url_(std::move(url)), writes_(writes) {
  while (url_.ends_with('/')) {
    url_.pop_back();
  }
}

void RemoteCache::give_up(std::string why) const {
  gone_ = true;
  const std::lock_guard lock(mutex_);
  trouble_ = trouble_.empty() ? std::move(why) : trouble_;
}

std::string RemoteCache::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

std::optional<http::Response> RemoteCache::ask(http::Request request) const {
  if (gone_) {
    return std::nullopt;
  }
  request.connect_timeout = std::chrono::seconds(2);
  request.timeout = std::chrono::seconds(20);
  http::use_environment(request);
  auto response = client_->send(request);
  if (!response) {
    give_up(response.error().message);
    return std::nullopt;
  }
  return std::move(*response);
}

std::optional<std::string> RemoteCache::get(const std::string& name) const {
  auto response = ask({.url = url_ + "/ac/" + name});
  if (!response || response->status == 404) {
    return std::nullopt;
  }
  if (response->status != 200) {
    give_up(http::shown(url_) + " answers " + std::to_string(response->status));
    return std::nullopt;
  }
  return std::move(response->body);
}

void RemoteCache::put(const std::string& name, std::string_view entry) const {
  if (writes_ == Writes::no) {
    return;
  }
  const auto response =
      ask({.method = "PUT", .url = url_ + "/ac/" + name, .body = std::string(entry)});
  if (response && (response->status < 200 || response->status > 299)) {
    give_up(http::shown(url_) + " does not take an entry: " + std::to_string(response->status));
  }
}

}  // namespace sluice::render
