// SPDX-License-Identifier: Apache-2.0
#include "render/stream.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"

namespace sluice::render {
namespace {

constexpr std::string_view first_line = "# sluice: stream v1\n";

void append_provenance(const delivery::Unit& unit, const Piece& piece, std::string& out) {
  out += "---\n# sluice: unit=" + text::percent_encode(unit.name) +
         " env=" + text::percent_encode(unit.env);
  if (!piece.source.empty()) {
    out += " source=" + text::percent_encode(piece.source);
    if (piece.line > 0) {
      out += ":" + std::to_string(piece.line);
    }
  }
  if (!unit.destination.empty()) {
    out += " dest=" + text::percent_encode(unit.destination);
  }
  if (!unit.name_space.empty()) {  // where the cluster puts objects that name no namespace
    out += " ns=" + text::percent_encode(unit.name_space);
  }
  out += '\n';
}

}  // namespace

std::string stream_of(const std::vector<const Delivery*>& deliveries, Absent absent) {
  constexpr std::size_t provenance = 200;  // about
  std::size_t size = 0;
  for (const auto* delivery : deliveries) {
    for (const auto& piece : delivery->pieces) {
      size += piece.bytes.size() + provenance;
    }
  }
  std::string out(first_line);
  out.reserve(size + provenance);
  std::size_t objects = 0;
  for (const auto* delivery : deliveries) {
    for (const auto& piece : delivery->pieces) {
      append_provenance(delivery->unit, piece, out);
      out += piece.bytes;
      objects += piece.objects;
    }
  }
  const auto digest = hex(sha256(std::string_view(out).substr(first_line.size())));
  out += "# sluice: end objects=" + std::to_string(objects) +
         " skipped=" + std::to_string(absent.skipped) +
         (absent.unchanged == 0 ? "" : " unchanged=" + std::to_string(absent.unchanged)) +
         " sha256=" + digest + "\n";
  return out;
}

std::string stream_of(const Delivery& delivery) {
  return stream_of({&delivery}, {});
}

std::string digest_of(const Delivery& delivery) {
  Sha256 sum;
  for (const auto& piece : delivery.pieces) {
    sum.update("---\n");
    sum.update(piece.bytes);
  }
  return hex(sum.finish());
}

}  // namespace sluice::render
