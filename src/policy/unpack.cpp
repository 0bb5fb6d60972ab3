// SPDX-License-Identifier: Apache-2.0
#include "policy/unpack.hpp"

#include <array>
#include <optional>
#include <zlib.h>

namespace sluice::policy {

namespace {

constexpr std::size_t block_bytes = 512;

/// A field of a header, to its first NUL.
std::string_view field(std::string_view header, std::size_t at, std::size_t size) {
  const auto bytes = header.substr(at, size);
  return bytes.substr(0, bytes.find('\0'));
}

std::optional<std::size_t> octal(std::string_view digits) {
  std::size_t number = 0;
  bool any = false;
  for (const char c : digits) {
    if (c >= '0' && c <= '7') {
      number = number * 8 + static_cast<std::size_t>(c - '0');
      any = true;
    } else if (c != ' ') {
      return std::nullopt;
    }
  }
  return any ? std::optional(number) : std::nullopt;
}

}  // namespace

bool is_gzip(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b");
}

Result<std::string> gunzip(std::string_view bytes) {
  constexpr int gzip_only = 16;
  z_stream stream = {};
  if (inflateInit2(&stream, MAX_WBITS + gzip_only) != Z_OK) {
    return Error{Error::Kind::io, "zlib has no memory"};
  }
  // zlib reads only, but its field is not const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::array<char, std::size_t{64} << 10U> piece{};
  int state = Z_OK;
  while (state == Z_OK && out.size() <= most_unpacked_bytes) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = piece.size();
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(piece.data(), piece.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (out.size() > most_unpacked_bytes) {
    return Error{Error::Kind::limit, "it unpacks to more than 16 MiB"};
  }
  if (state != Z_STREAM_END) {
    return Error{Error::Kind::parse, "it is not whole gzip"};
  }
  return out;
}

Result<std::map<std::string, std::string>> untar(std::string_view archive) {
  std::map<std::string, std::string> files;
  while (archive.size() >= block_bytes) {
    const auto header = archive.substr(0, block_bytes);
    archive.remove_prefix(block_bytes);
    if (header.find_first_not_of('\0') == std::string_view::npos) {
      break;  // the end
    }
    const auto size = octal(field(header, 124, 12));
    const auto blocks = size ? (*size + block_bytes - 1) / block_bytes : 0;
    if (!size || blocks > archive.size() / block_bytes) {
      return Error{Error::Kind::parse, "it is not a whole tar archive"};
    }
    constexpr std::string_view ustar = "ustar";
    const auto prefix = field(header, 257, 5) == ustar ? field(header, 345, 155) : "";
    const std::string name =
        (prefix.empty() ? "" : std::string(prefix) + "/") + std::string(field(header, 0, 100));
    switch (header[156]) {
      case '0':
      case '\0':
        files[name] = archive.substr(0, *size);
        break;
      case '5':
        break;  // a folder
      default:
        return Error{Error::Kind::unsupported, "tar archives with more than files and folders"};
    }
    archive.remove_prefix(blocks * block_bytes);
  }
  return files;
}

}  // namespace sluice::policy
