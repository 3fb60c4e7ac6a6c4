#pragma once

#include "support/enums.hpp"

#include <streamforge/storage/event.hpp>
#include <streamforge/storage/object_store.hpp>
#include <streamforge/storage/s3_store.hpp>

STREAMFORGE_PYTHON_ENUM(streamforge::storage::PresignMethod, "streamforge.storage.PresignMethod")
STREAMFORGE_PYTHON_ENUM(streamforge::storage::StoreEvent::Kind, "streamforge.storage.StoreEventKind")
STREAMFORGE_PYTHON_ENUM(streamforge::storage::S3Addressing, "streamforge.storage.S3Addressing")
STREAMFORGE_PYTHON_ENUM(streamforge::storage::S3PayloadSigning, "streamforge.storage.S3PayloadSigning")
STREAMFORGE_PYTHON_ENUM(streamforge::storage::S3Checksum, "streamforge.storage.S3Checksum")
