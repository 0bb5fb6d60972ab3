// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "render/model.hpp"
#include "yaml/parse.hpp"

#include <functional>
#include <string>

namespace sluice::render {

/// What to do with comment lines that look like our own ("# sluice: ..."): a chart must not be able
/// to lie about provenance.
enum class Forged : std::uint8_t {
  remove,
  blank,  ///< leave "#", so that the file's line numbers still hold
};

/// The document's bytes as the stream carries them: LF only, ending with a line break, without
/// lines that look like provenance. Such a line inside a scalar is content and stays.
std::string document_bytes(const yaml::Document& document, Forged forged);

/// Whether a finding of the parser means that its document is not among the others.
bool is_lost(const diag::Finding& finding);

/// How many objects a document holds: the items of a List are counted.
std::size_t count_objects(const yaml::Document& document);

/// apiVersion, kind, namespace and name as written.
diag::ObjectRef identity(const yaml::Document& document);

/// The "# Source: " comment at the head of a document, without the words; empty when there is none.
std::string printed_source(const yaml::Document& document);

/// Cuts what a tool printed into pieces. `source` says where a document comes from, given the
/// document (nullptr when it did not parse) and the last "# Source: " comment before it. What the
/// parser refuses is a finding, and counted as lost.
void cut(const std::string& text,
         const std::string& name,
         Delivery& delivery,
         const std::function<std::string(const yaml::Document*, const std::string& printed_source)>&
             source,
         const yaml::Limits& limits = {});

/// The same for a file of the repository, whose lines are kept.
void cut_file(std::string text,
              const std::string& path,
              Delivery& delivery,
              const yaml::Limits& limits = {});

}  // namespace sluice::render
