"""A store of one's own: a dict, with everything that the library's conformance suite asks for."""

import datetime
import threading

import streamforge as sf


# [store]
class DictStore(sf.storage.ObjectStore):
    """Objects in a dict. Conditions, ranges and listings follow the rules of every other backend."""

    def __init__(self):
        super().__init__(
            sf.storage.Capabilities(
                backend="dict", put_if_none_match=True, put_if_match=True, stores_headers=True, stores_metadata=True, multipart=True
            )
        )
        self._objects = {}
        self._uploads = {}
        self._version = 0
        self._lock = threading.RLock()

    def _store(self, key, data, options):
        with self._lock:
            there = self._objects.get(key)
            if options.if_none_match and there is not None:
                raise sf.PreconditionError(f"{key} exists already")
            if options.if_match and (there is None or there[0].etag != options.if_match):
                raise sf.PreconditionError(f"{key} is another version")
            self._version += 1
            info = sf.storage.ObjectInfo(
                key=key, size_bytes=len(data), etag=f'"{self._version}"', content_type=options.content_type,
                cache_control=options.cache_control, metadata=options.metadata,
                last_modified=datetime.datetime.now(datetime.timezone.utc),
            )
            self._objects[key] = (info, data)
            return info

    def _find(self, key):
        with self._lock:
            if key not in self._objects:
                raise sf.NotFoundError("no such object", context={"key": key})
            return self._objects[key]

    def do_put(self, key, body, options):
        return self._store(key, body.read(), options)

    def do_get(self, key, options):
        info, data = self._find(key)
        if options.if_match and options.if_match != info.etag:
            raise sf.PreconditionError(f"{key} is another version")
        if options.range is None:
            return info, data
        begin = options.range.offset
        if begin >= len(data):
            raise sf.UsageError("the range begins past the end")
        return info, data[begin : begin + options.range.length]

    def do_head(self, key):
        return self._find(key)[0]

    def do_remove(self, key):
        with self._lock:
            self._objects.pop(key, None)

    def do_copy(self, from_key, to_key, options):
        info, data = self._find(from_key)
        return self._store(
            to_key, data,
            sf.storage.PutOptions(content_type=info.content_type, cache_control=info.cache_control, metadata=info.metadata,
                                  if_none_match=options.if_none_match),
        )
    # [store]

    def do_list(self, options):
        entries = {}
        with self._lock:
            for key, (info, _) in self._objects.items():
                if not key.startswith(options.prefix):
                    continue
                rest = key[len(options.prefix) :]
                if options.folders and "/" in rest:
                    entries[options.prefix + rest[: rest.index("/") + 1]] = None
                else:
                    entries[key] = info.replace(metadata={}, cache_control="")
        names = sorted((name for name in entries if name > options.page_token), key=str.encode)
        page, rest = names[: options.max_keys], names[options.max_keys :]
        return sf.storage.ListPage(
            objects=[entries[name] for name in page if entries[name] is not None],
            prefixes=[name for name in page if entries[name] is None],
            next_page_token=page[-1] if rest else "",
        )

    def do_list_uploads(self, options):
        with self._lock:
            found = sorted((upload.key, upload_id, upload) for upload_id, upload in self._uploads.items() if upload.key.startswith(options.prefix))
        return sf.storage.UploadPage(
            uploads=[sf.storage.UploadInfo(key=key, upload_id=upload_id, started=upload.started) for key, upload_id, upload in found]
        )

    def do_begin_multipart(self, key, options):
        with self._lock:
            self._version += 1
            upload = DictUpload(self, key, f"upload-{self._version}", options)
            self._uploads[upload.upload_id] = upload
            return upload

    def do_resume_multipart(self, key, upload_id):
        with self._lock:
            upload = self._uploads.get(upload_id)
            if upload is None or upload.key != key:
                raise sf.NotFoundError("no such upload")
            return upload


class DictUpload(sf.storage.MultipartUpload):
    def __init__(self, store, key, upload_id, options):
        super().__init__(key, upload_id)
        self.started = datetime.datetime.now(datetime.timezone.utc)
        self._store, self._options, self._parts = store, options, {}

    def _alive(self):
        if self.upload_id not in self._store._uploads:
            raise sf.NotFoundError("the upload is gone")

    def do_put_part(self, number, body):
        self._alive()
        data = body.read()
        with self._store._lock:
            self._store._version += 1
            info = sf.storage.PartInfo(number=number, size_bytes=len(data), etag=f'"p{self._store._version}"')
            self._parts[number] = (info, data)
            return info

    def do_list_parts(self):
        self._alive()
        return [self._parts[number][0] for number in sorted(self._parts)]

    def do_complete(self, parts):
        self._alive()
        whole = []
        for part in parts:
            kept = self._parts.get(part.number)
            if kept is None or kept[0].etag != part.etag:
                raise sf.IoError(f"part {part.number} is missing or another", code="integrity")
            whole.append(kept[1])
        info = self._store._store(self.key, b"".join(whole), self._options)
        self._store._uploads.pop(self.upload_id, None)
        return info

    def do_abort(self):
        self._store._uploads.pop(self.upload_id, None)
