// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <thread>

namespace sluice::test {

/// A TCP proxy in front of a server on 127.0.0.1 that does to connections what networks do. The
/// same seed gives the same choices in the order in which connections come.
class FaultProxy {
 public:
  struct Faults {
    std::chrono::milliseconds delay{0};  ///< before each piece of the server's answer
    unsigned dropped = 0;  ///< of 100 connections: cut off after a random number of bytes
    /// Accept, and say nothing.
    enum class Voice { normal, silent } voice = Voice::normal;
    unsigned seed = 1;
  };

  FaultProxy(int target, const Faults& faults);
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] unsigned connections() const { return connections_; }
  [[nodiscard]] unsigned cut() const { return cut_; }

 private:
  void accept_all();
  void carry(int client, long budget);

  int target_;
  Faults faults_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> ending_ = false;
  std::atomic<unsigned> connections_ = 0;
  std::atomic<unsigned> cut_ = 0;
  std::atomic<int> open_ = 0;
  std::mt19937 random_;
  std::thread thread_;
};

}  // namespace sluice::test
