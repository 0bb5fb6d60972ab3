// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "io/files.hpp"
#include "promote/carry_out.hpp"
#include "promote/commands.hpp"

#include <algorithm>

namespace sluice::promote {

namespace {

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

Result<Ask> image_ask(const std::string& text) {
  image::Reference reference;
  SLUICE_TRY_ASSIGN(reference, image::parse(text));
  Ask ask{.kind = ItemKind::image, .name = reference.name()};
  if (!reference.tag.empty() || !reference.digest.empty()) {
    ask.wanted = text;
  }
  return ask;
}

/// "iris=s3://models/iris/v8", or "iris" for what the environment before holds.
Ask model_ask(const std::string& text) {
  const std::size_t equals = text.find('=');
  Ask ask{.kind = ItemKind::model, .name = text.substr(0, equals)};
  ask.wanted = equals == std::string::npos ? std::string() : text.substr(equals + 1);
  return ask;
}

/// "apps/web/values.yaml:image.tag=1.5". A '=' in brackets belongs to the path.
Result<Ask> value_ask(const std::string& text) {
  const std::size_t colon = text.find(':');
  std::size_t equals = std::string::npos;
  int depth = 0;
  for (std::size_t i = colon; i < text.size() && equals == std::string::npos; ++i) {
    depth += text[i] == '[' ? 1 : text[i] == ']' ? -1 : 0;
    equals = text[i] == '=' && depth == 0 ? i : equals;
  }
  if (colon == std::string::npos || colon == 0 || equals == std::string::npos ||
      equals == colon + 1) {
    return usage("--set " + text::printable(text) + " is not FILE:PATH=VALUE");
  }
  Ask ask{.kind = ItemKind::value,
          .name = text.substr(0, equals),
          .wanted = text.substr(equals + 1),
          .path = text.substr(colon + 1, equals - colon - 1)};
  SLUICE_TRY_ASSIGN(ask.file, io::normalise_inside(text.substr(0, colon)));
  if (ask.wanted.empty()) {
    return usage("--set " + text::printable(text) + " gives no value");
  }
  return ask;
}

}  // namespace

Result<std::vector<Ask>> asks_of(const Settings& options) {
  std::vector<Ask> asks;
  for (const std::string& text : options.images) {
    Ask ask;
    SLUICE_TRY_ASSIGN(ask, image_ask(text));
    asks.push_back(std::move(ask));
  }
  for (const std::string& text : options.models) {
    asks.push_back(model_ask(text));
  }
  for (const std::string& text : options.sets) {
    Ask ask;
    SLUICE_TRY_ASSIGN(ask, value_ask(text));
    asks.push_back(std::move(ask));
  }
  for (std::size_t i = 0; i < asks.size(); ++i) {
    const auto same = [&](const Ask& other) { return other.name == asks[i].name; };
    if (asks[i].name.empty()) {
      return usage("--model needs a name: NAME=URI");
    }
    if (std::any_of(asks.begin(), asks.begin() + static_cast<std::ptrdiff_t>(i), same)) {
      return usage(text::printable(asks[i].name) + " is asked for twice");
    }
  }
  return asks;
}

Result<Request> request_of(const Settings& options, const cli::Common& common) {
  Request request{.to = options.to,
                  .from = options.from.empty() ? std::string() : options.from.front(),
                  .object = options.object,
                  .container = options.container,
                  .several = options.all_places ? Several::all : Several::refuse,
                  .downgrade = options.allow_downgrade ? Downgrade::allow : Downgrade::refuse,
                  .expect_old = options.expect_old,
                  .source_commit = options.source_commit};
  SLUICE_TRY_ASSIGN(request.now, clock_of(common));
  SLUICE_TRY_ASSIGN(request.asks, asks_of(options));
  for (const std::string& file : options.evidence) {
    std::string bytes;
    SLUICE_TRY_ASSIGN(bytes, io::read_file(file, std::uint64_t{1} << 20U));
    Evidence evidence;
    SLUICE_TRY_ASSIGN(evidence, read_evidence(std::move(bytes), file));
    request.evidence.push_back(std::move(evidence));
  }
  return request;
}

Result<diag::Report> run_set(const Settings& options,
                             const cli::Common& common,
                             std::ostream& product) {
  if (options.to.empty()) {
    return usage("--to ENV says where to promote to");
  }
  Request request;
  SLUICE_TRY_ASSIGN(request, request_of(options, common));
  if (request.asks.empty()) {
    return usage("what to promote: --image NAME:TAG, --model NAME=URI or --set FILE:PATH=VALUE");
  }
  const Work work = [&](const State& state) {
    return evaluate(*state.tree, *state.config, request, *state.history);
  };
  return carry_out(options, common, work, Checking::as_configured, product);
}

}  // namespace sluice::promote
