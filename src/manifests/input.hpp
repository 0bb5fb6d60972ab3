// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"
#include "yaml/parse.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

/// The inputs that a command line names, read alike by every tool: a file, a folder, or "-" for
/// standard input.
namespace sluice::manifests {

/// One file to read.
struct Input {
  std::string path;   ///< what to open; "-" is standard input
  std::string label;  ///< what findings call it
};

/// The file itself, or all .yaml, .yml and .json files below the folder, sorted by bytes; .git is
/// not searched, and links below a folder are not followed. A leading "./" is dropped.
/// Errors: not_found, io.
Result<std::vector<std::string>> files_of(const std::string& path);

/// "-" or a file by its name, which need not be there.
Input input_of(const std::string& word);

/// The files that the words name, in their order, each once. Errors: not_found, io.
Result<std::vector<Input>> find_inputs(const std::vector<std::string>& words);

/// The bytes. Errors: not_found, io, limit (more than `limit` bytes).
Result<std::string> read_bytes(const Input& input, std::uint64_t limit);

/// One input, parsed. Errors: not_found, io, limit, parse (a stream of render that is cut off).
Result<yaml::Stream> read_stream(const Input& input, const yaml::Limits& limits, unsigned jobs);

/// The objects of several inputs, with the streams that they point into.
struct Objects {
  std::vector<std::shared_ptr<const yaml::Stream>> streams;
  std::vector<k8s::Resource> resources;
  std::vector<diag::Finding> findings;  ///< yaml/* and meta/*: documents that could not be read
  std::uint64_t skipped = 0;            ///< objects that render left out, by its last lines
  std::uint64_t unchanged = 0;          ///< units that partial streams are without
  bool rendered = false;  ///< there is a stream, and every one is a whole stream of render
};

/// Reads all that the words name. Errors: as find_inputs and read_stream, of the first input that
/// cannot be read.
Result<Objects> read_objects(const std::vector<std::string>& words,
                             const yaml::Limits& limits,
                             unsigned jobs);

/// Both sides of a change.
struct Sides {
  Objects base, head;
};

/// Reads both sides. A document that both hold in the same bytes is parsed once: the base's
/// resource then points into the head's stream, and so do its places. Errors: as read_objects, the
/// head's first.
Result<Sides> read_sides(const std::vector<std::string>& base,
                         const std::vector<std::string>& head,
                         const yaml::Limits& limits,
                         unsigned jobs);

}  // namespace sluice::manifests
