// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

/// References to container images and OCI artifacts, by the grammar that registries and container
/// runtimes share (distribution/reference):
///
///   reference = name [":" tag] ["@" digest]     name = [domain "/"] path     name: 255 bytes
///
/// The first component is a domain only when it holds a '.' or ':' or an upper-case letter, or is
/// "localhost". "nginx" means docker.io/library/nginx. Names are compared normalised and written
/// back in the spelling that was found.
namespace sluice::image {

/// A reference taken apart; every part as it was written.
struct Reference {
  std::string domain;  ///< "ghcr.io", "localhost:5000", "[::1]:5000"; empty in familiar spelling
  std::string path;    ///< "acme/iris"
  std::string tag;     ///< without ':'; empty when there is none
  std::string digest;  ///< "sha256:..." ; empty when there is none

  /// Domain and path as they are written.
  [[nodiscard]] std::string name() const;
  /// The whole reference, in the spelling of its parts.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Reference&, const Reference&) = default;
};

/// Errors (Kind::parse), each with the text and the reason: no reference by the grammar, a name of
/// 64 hexadecimal digits (an image ID), a name above 255 bytes, an upper-case path, a digest of the
/// wrong length.
Result<Reference> parse(std::string_view text);

/// `name[:tag][@digest]` whose name stands elsewhere: ":1.4", "@sha256:...", ":1.4@sha256:...",
/// also "1.4", "1.4@sha256:..." and "sha256:..." without the sign in front. Errors as parse().
Result<Reference> parse_version(std::string_view text);

/// "docker.io/library/nginx" for "nginx", "index.docker.io/nginx" and "docker.io/nginx"; the
/// domain in lower case.
std::string normalised_name(const Reference& reference);
/// The same for a text that is a name or a whole reference; nothing when it is neither.
std::optional<std::string> normalised_name(std::string_view text);

/// Whether both name the same repository, whatever their tags.
bool same_name(const Reference& a, const Reference& b);

bool is_tag(std::string_view text);  ///< [A-Za-z0-9_][A-Za-z0-9_.-]{0,127}
bool is_digest(
    std::string_view text);  ///< "sha256:" and 64 lower-case hexadecimal digits, sha384, sha512

/// Why this tag moves, as the end of a sentence ("is a name that moves with every build"), or empty
/// when it stands for one image as far as words can tell: latest, main, stable, nightly and the
/// like, also beside a variant ("latest-alpine"), and a bare major version ("1", "v2").
std::string_view why_floating(std::string_view tag);

/// The same for a reference: one with a digest never floats, one without tag and digest does.
std::string_view why_floating(const Reference& reference);

}  // namespace sluice::image
