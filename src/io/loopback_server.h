// The loopback server of core/loopback_server.h, which tests of other modules use, too.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/loopback_server.h"  // IWYU pragma: export
