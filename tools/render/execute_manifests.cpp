// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "flux/substitute.hpp"
#include "io/files.hpp"
#include "render/directory.hpp"
#include "render/documents.hpp"
#include "render/execute.hpp"
#include "render/survey.hpp"

#include <algorithm>

namespace sluice::render {
namespace {

constexpr std::string_view skip_marker = "+argocd:skip-file-rendering";

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// The object that two resources of a kustomization are, from what kustomize says of it:
/// "...registered id: KIND.VERSION.GROUP/NAME.NAMESPACE': ...". Without a kind when it says
/// something else.
diag::ObjectRef registered_twice(std::string_view failure) {
  constexpr std::string_view mark = "may not add resource with an already registered id: ";
  constexpr std::string_view no_namespace = "[noNs]";
  const auto at = failure.find(mark);
  if (at == std::string_view::npos) {
    return {};
  }
  auto id = failure.substr(at + mark.size());
  id = id.substr(0, id.find_first_of("' "));
  const auto slash = id.find('/');
  const auto dot = id.rfind('.');
  if (slash == std::string_view::npos || dot == std::string_view::npos || dot < slash) {
    return {};
  }
  const auto name_space = id.substr(dot + 1);
  return {.kind = std::string(id.substr(0, id.find('.'))),
          .name_space = std::string(name_space == no_namespace ? "" : name_space),
          .name = std::string(id.substr(slash + 1, dot - slash - 1))};
}

}  // namespace

Status Executor::kustomize(Delivery& delivery, const delivery::KustomizeSource& source) {
  SLUICE_TRY(require_kustomize());
  kustomize::Built built;
  SLUICE_TRY_ASSIGN(built, kustomize::build(parts_.runner, kustomize_settings_, source));
  delivery.arguments = built.arguments;
  delivery.warnings = built.warnings;
  append(delivery.rendered, built.closure.manifests);
  append(delivery.inputs, built.closure.kustomizations);
  append(delivery.inputs, built.closure.others);
  const auto own = kustomize::kustomization_file(parts_.repository.root, source.path);
  if (!built.failure.empty()) {
    name_both_files(delivery.rendered, built);
    const auto* code = built.skip      ? "render/skipped"
                       : built.outside ? "input/outside-repository"
                                       : "render/failed";
    const diag::Location at =
        built.failure_at.file.empty() ? diag::Location{.file = own} : built.failure_at;
    fail(delivery, code, built.failure, at);
    return ok;
  }
  delivery.kustomizations = built.closure.kustomizations;
  if (delivery.probed) {
    SLUICE_TRY_ASSIGN(delivery.no_effect, kustomize::entries_without_effect(
                                              parts_.runner, kustomize_settings_, source, built));
  }
  const auto files = delivery.rendered;
  cut(
      built.out, own.empty() ? source.path : own, delivery,
      [&](const yaml::Document* document, const std::string&) {
        const auto file =
            document == nullptr ? std::string() : likely_source(files, identity(*document));
        return file.empty() ? own : file;
      },
      parts_.options.output_limits());
  return ok;
}

/// kustomize names at most one of the files in which it found the same object.
void Executor::name_both_files(const std::vector<std::string>& files,
                               kustomize::Built& built) const {
  const auto object = registered_twice(built.failure);
  std::vector<std::string> holders;
  for (const auto& file : files) {
    const auto facts = parts_.survey.files.find(file);
    if (facts != parts_.survey.files.end() &&
        std::any_of(facts->second.objects.begin(), facts->second.objects.end(),
                    [&](const auto& written) {
                      return written.kind == object.kind && written.name == object.name &&
                             written.name_space == object.name_space;
                    })) {
      holders.push_back(file);
    }
  }
  if (object.kind.empty() || holders.size() < 2) {
    return;  // one file that two bases name: kustomize's own words say that
  }
  built.failure = "kustomize build: " + text::printable(object.kind + " " + object.name) +
                  " is in " + text::printable(holders[0]) + " and in " +
                  text::printable(holders[1]);
  built.failure_at = {.file = holders[1]};
}

/// kustomize does not say where an object came from: the one file that holds the kind under this
/// name, or under a name that prefixes and suffixes were added to.
std::string Executor::likely_source(const std::vector<std::string>& files,
                                    const diag::ObjectRef& object) const {
  std::string best;
  std::size_t best_length = 0;
  bool unique = true;
  for (const auto& file : files) {
    const auto facts = parts_.survey.files.find(file);
    if (facts == parts_.survey.files.end()) {
      continue;
    }
    for (const auto& written : facts->second.objects) {
      const bool fits = written.kind == object.kind && !written.name.empty() &&
                        object.name.find(written.name) != std::string::npos;
      if (!fits || written.name.size() < best_length) {
        continue;
      }
      unique = written.name.size() > best_length || best == file;
      best = file;
      best_length = written.name.size();
    }
  }
  return unique ? best : std::string();
}

void Executor::directory(Delivery& delivery, const delivery::DirectorySource& source) {
  for (const auto& file : directory_files(parts_.repository, source)) {
    if (file.ends_with(".jsonnet")) {
      return fail(delivery, "render/skipped",
                  text::printable(file) + " is Jsonnet, which sluice-render does not run",
                  {.file = file});
    }
    const auto real = io::resolve_inside(parts_.repository.root, file);
    if (!real && real.error().kind == Error::Kind::usage) {
      return fail(delivery, "input/outside-repository",
                  "the link " + text::printable(file) + " leads out of the repository",
                  {.file = file});
    }
    auto bytes = real ? read_tracked(*real, file, parts_.options.limits.stream_bytes)
                      : Result<std::string>(real.error());
    if (!bytes) {
      return fail(delivery, "render/failed",
                  bytes.error().kind == Error::Kind::limit
                      ? bytes.error().message + "; --max-stream-size raises that"
                      : text::printable(file) + " cannot be read",
                  {.file = file});
    }
    const auto facts = parts_.survey.files.find(file);
    const bool nothing = facts != parts_.survey.files.end() &&
                         facts->second.kind == FileFacts::Kind::other && !facts->second.half;
    if (nothing || bytes->find(skip_marker) != std::string::npos) {  // Argo CD passes over both
      delivery.inputs.push_back(file);
      continue;
    }
    delivery.rendered.push_back(file);
    cut_file(std::move(*bytes), file, delivery, parts_.options.limits);
    if (!delivery.failure.empty()) {
      return;
    }
  }
}

void Executor::substitute(Delivery& delivery) {
  const auto& substitution = *delivery.unit.substitute;
  for (auto& piece : delivery.pieces) {
    auto result = flux::substitute(piece.bytes, substitution.variables);
    if (!result.ok) {
      return fail(delivery, "render/failed",
                  "postBuild: " + result.message + " in " + diag::to_string(piece.object),
                  piece.source.empty() ? substitution.at : diag::Location{.file = piece.source});
    }
    piece.bytes = std::move(result.text);
  }
}

}  // namespace sluice::render
