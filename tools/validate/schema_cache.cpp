// SPDX-License-Identifier: Apache-2.0
#include "validate/schema_cache.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "io/files.hpp"

namespace sluice::validate {
namespace {

constexpr std::size_t schema_limit = std::size_t{16} << 20U;  // bytes; the largest known is 2 MB
constexpr std::string_view absent = "absent";
constexpr std::string_view heading =
    "# Schemas from the network, as they were fetched: sha256 and address. Kept by sluice-validate "
    "--fetch-schemas.\n";

bool is_pin(std::string_view word) {
  return word == absent ||
         (word.size() == 64 && word.find_first_not_of("0123456789abcdef") == word.npos);
}

}  // namespace

Result<SchemaCache> SchemaCache::open(Place place, Network network, const http::Client& client) {
  SchemaCache out(std::move(place), network, client);
  auto bytes = io::read_file(out.place_.lock);
  if (!bytes && bytes.error().kind == Error::Kind::not_found) {
    return out;
  }
  if (!bytes) {
    return std::move(bytes.error());
  }
  std::size_t number = 0;
  for (const std::string_view line : text::split(*bytes, '\n')) {
    ++number;
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos || !is_pin(line.substr(0, blank))) {
      return Error{Error::Kind::parse, text::printable(out.place_.lock) + ":" +
                                           std::to_string(number) +
                                           ": a line is \"SHA256 URL\" or \"absent URL\""};
    }
    out.pins_[std::string(line.substr(blank + 1))] = std::string(line.substr(0, blank));
  }
  return out;
}

std::string SchemaCache::file_of(const std::string& url) const {
  return place_.folder + "/" + hex(sha256(url)) + ".json";
}

Result<std::optional<std::string>> SchemaCache::get(const std::string& url) {
  const auto pinned = pins_.find(url);
  if (pinned == pins_.end()) {
    if (network_ == Network::on) {
      return fetch(url, {});
    }
    unknown_.insert(url);
    return std::optional<std::string>();
  }
  if (pinned->second == absent) {
    return std::optional<std::string>();
  }
  if (auto kept = io::read_file(file_of(url), schema_limit);
      kept && hex(sha256(*kept)) == pinned->second) {
    return std::optional<std::string>(std::move(*kept));
  }
  if (network_ == Network::on) {
    return fetch(url, pinned->second);
  }
  return Error{Error::Kind::io, "the schema that " + text::printable(place_.lock) + " pins for " +
                                    http::shown(url) +
                                    " is not in the cache: run once with --fetch-schemas"};
}

Result<std::optional<std::string>> SchemaCache::fetch(const std::string& url,
                                                      const std::string& pin) {
  http::Request request{.url = url, .max_bytes = schema_limit, .max_redirects = 3};
  http::use_environment(request);
  http::Response response;
  SLUICE_TRY_ASSIGN(response, client_->send(request));
  const bool missing = response.status == 404 || response.status == 410;
  if (missing && pin.empty()) {
    pins_[url] = absent;
    changed_ = true;
    return std::optional<std::string>();
  }
  if (response.status != 200) {
    return Error{Error::Kind::io,
                 http::shown(url) + ": the server answers " + std::to_string(response.status)};
  }
  const std::string digest = hex(sha256(response.body));
  if (!pin.empty() && pin != digest) {
    return Error{Error::Kind::parse, http::shown(url) + " has sha256 " + digest + "; " +
                                         text::printable(place_.lock) + " pins " + pin};
  }
  SLUICE_TRY(io::write_atomically(file_of(url), response.body));
  changed_ = changed_ || pin.empty();
  pins_[url] = digest;
  return std::optional<std::string>(std::move(response.body));
}

Status SchemaCache::save() const {
  if (!changed_) {
    return ok;
  }
  std::string out(heading);
  for (const auto& [url, pin] : pins_) {
    out += pin + " " + url + "\n";
  }
  return io::write_atomically(place_.lock, out);
}

}  // namespace sluice::validate
