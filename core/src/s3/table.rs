//! S3's table: see `core/src/table.rs` for how it is read.
//!
//! Long because it has a line for each member of each operation.

/// Hands the table to the macro named in brackets.
#[doc(hidden)]
#[macro_export]
macro_rules! s3_table { ([$($then:tt)+]) => { $($then)+ {
    service S3 xml "http://s3.amazonaws.com/doc/2006-03-01/";
    operations {
        /// Copies an object of up to 5 GiB within S3.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html).
        CopyObject => CopyObjectOutput: Put {
            checksum None;
            root "CopyObjectResult";
        needs {
            bucket "Bucket" bucket: text = "Bucket",
            header "CopySource" copy_source: copy_source = "x-amz-copy-source",
            key "Key" key: text = "Key",
        } takes {
            header "CacheControl" cache_control: text = "cache-control",
            header "ContentDisposition" content_disposition: text = "content-disposition",
            header "ContentEncoding" content_encoding: text = "content-encoding",
            header "ContentLanguage" content_language: text = "content-language",
            header "ContentType" content_type: text = "content-type",
            header "Expires" expires: http_date = "expires",
            header "IfMatch" if_match: text = "if-match",
            header "IfNoneMatch" if_none_match: text = "if-none-match",
            header "ACL" acl: text = "x-amz-acl",
            header "ChecksumAlgorithm" checksum_algorithm: text = "x-amz-checksum-algorithm",
            header "CopySourceIfMatch" copy_source_if_match: text = "x-amz-copy-source-if-match",
            header "CopySourceIfModifiedSince" copy_source_if_modified_since: http_date = "x-amz-copy-source-if-modified-since",
            header "CopySourceIfNoneMatch" copy_source_if_none_match: text = "x-amz-copy-source-if-none-match",
            header "CopySourceIfUnmodifiedSince" copy_source_if_unmodified_since: http_date = "x-amz-copy-source-if-unmodified-since",
            header "CopySourceSSECustomerAlgorithm" copy_source_sse_customer_algorithm: text = "x-amz-copy-source-server-side-encryption-customer-algorithm",
            header "CopySourceSSECustomerKey" copy_source_sse_customer_key: secret = "x-amz-copy-source-server-side-encryption-customer-key",
            header "CopySourceSSECustomerKeyMD5" copy_source_sse_customer_key_md5: text = "x-amz-copy-source-server-side-encryption-customer-key-md5",
            header "ExpectedBucketOwner" expected_bucket_owner: text = "x-amz-expected-bucket-owner",
            header "GrantFullControl" grant_full_control: text = "x-amz-grant-full-control",
            header "GrantRead" grant_read: text = "x-amz-grant-read",
            header "GrantReadACP" grant_read_acp: text = "x-amz-grant-read-acp",
            header "GrantWriteACP" grant_write_acp: text = "x-amz-grant-write-acp",
            header "MetadataDirective" metadata_directive: text = "x-amz-metadata-directive",
            header "AnnotationDirective" annotation_directive: text = "x-amz-object-annotation-directive",
            header "ObjectLockEventHold" object_lock_event_hold: text = "x-amz-object-lock-event-hold",
            header "ObjectLockEventHoldDurationDays" object_lock_event_hold_duration_days: int = "x-amz-object-lock-event-hold-duration-days",
            header "ObjectLockEventHoldDurationYears" object_lock_event_hold_duration_years: int = "x-amz-object-lock-event-hold-duration-years",
            header "ObjectLockLegalHoldStatus" object_lock_legal_hold_status: text = "x-amz-object-lock-legal-hold",
            header "ObjectLockMode" object_lock_mode: text = "x-amz-object-lock-mode",
            header "ObjectLockRetainUntilDate" object_lock_retain_until_date: date_time = "x-amz-object-lock-retain-until-date",
            header "RequestPayer" request_payer: text = "x-amz-request-payer",
            header "ServerSideEncryption" server_side_encryption: text = "x-amz-server-side-encryption",
            header "SSEKMSKeyId" ssekms_key_id: secret = "x-amz-server-side-encryption-aws-kms-key-id",
            header "BucketKeyEnabled" bucket_key_enabled: bool = "x-amz-server-side-encryption-bucket-key-enabled",
            header "SSEKMSEncryptionContext" ssekms_encryption_context: secret = "x-amz-server-side-encryption-context",
            header "SSECustomerAlgorithm" sse_customer_algorithm: text = "x-amz-server-side-encryption-customer-algorithm",
            header "SSECustomerKey" sse_customer_key: secret = "x-amz-server-side-encryption-customer-key",
            header "SSECustomerKeyMD5" sse_customer_key_md5: text = "x-amz-server-side-encryption-customer-key-md5",
            header "ExpectedSourceBucketOwner" expected_source_bucket_owner: text = "x-amz-source-expected-bucket-owner",
            header "StorageClass" storage_class: text = "x-amz-storage-class",
            header "Tagging" tagging: text = "x-amz-tagging",
            header "TaggingDirective" tagging_directive: text = "x-amz-tagging-directive",
            header "WebsiteRedirectLocation" website_redirect_location: text = "x-amz-website-redirect-location",
            metadata "Metadata" metadata: {text} = "metadata",
        } gives {
            payload "CopyObjectResult" copy_object_result: CopyObjectResult = "CopyObjectResult",
            header "Expiration" expiration: text = "x-amz-expiration",
            header "CopySourceVersionId" copy_source_version_id: text = "x-amz-copy-source-version-id",
            header "VersionId" version_id: text = "x-amz-version-id",
            header "ServerSideEncryption" server_side_encryption: text = "x-amz-server-side-encryption",
            header "SSECustomerAlgorithm" sse_customer_algorithm: text = "x-amz-server-side-encryption-customer-algorithm",
            header "SSECustomerKeyMD5" sse_customer_key_md5: text = "x-amz-server-side-encryption-customer-key-md5",
            header "SSEKMSKeyId" ssekms_key_id: secret = "x-amz-server-side-encryption-aws-kms-key-id",
            header "SSEKMSEncryptionContext" ssekms_encryption_context: secret = "x-amz-server-side-encryption-context",
            header "BucketKeyEnabled" bucket_key_enabled: bool = "x-amz-server-side-encryption-bucket-key-enabled",
            header "RequestCharged" request_charged: text = "x-amz-request-charged",
        }}
        /// Creates a bucket. Outside us-east-1 its region goes into `CreateBucketConfiguration`.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html).
        CreateBucket => CreateBucketOutput: Put {
            checksum None;
        needs {
            bucket "Bucket" bucket: text = "Bucket",
        } takes {
            header "ACL" acl: text = "x-amz-acl",
            header "BucketNamespace" bucket_namespace: text = "x-amz-bucket-namespace",
            header "ObjectLockEnabledForBucket" object_lock_enabled_for_bucket: bool = "x-amz-bucket-object-lock-enabled",
            header "GrantFullControl" grant_full_control: text = "x-amz-grant-full-control",
            header "GrantRead" grant_read: text = "x-amz-grant-read",
            header "GrantReadACP" grant_read_acp: text = "x-amz-grant-read-acp",
            header "GrantWrite" grant_write: text = "x-amz-grant-write",
            header "GrantWriteACP" grant_write_acp: text = "x-amz-grant-write-acp",
            header "ObjectOwnership" object_ownership: text = "x-amz-object-ownership",
            payload "CreateBucketConfiguration" create_bucket_configuration: CreateBucketConfiguration = "CreateBucketConfiguration",
        } gives {
            header "Location" location: text = "location",
            header "BucketArn" bucket_arn: text = "x-amz-bucket-arn",
        }}
        /// Deletes a bucket, which must be empty.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html).
        DeleteBucket => DeleteBucketOutput: Delete {
            checksum None;
        needs {
            bucket "Bucket" bucket: text = "Bucket",
        } takes {
            header "ExpectedBucketOwner" expected_bucket_owner: text = "x-amz-expected-bucket-owner",
        } gives {
        }}
        /// Deletes an object, or puts a delete marker in its place in a versioned bucket.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html).
        DeleteObject => DeleteObjectOutput: Delete {
            checksum None;
        needs {
            bucket "Bucket" bucket: text = "Bucket",
            key "Key" key: text = "Key",
        } takes {
            query "VersionId" version_id: text = "versionId",
            header "IfMatch" if_match: text = "if-match",
            header "BypassGovernanceRetention" bypass_governance_retention: bool = "x-amz-bypass-governance-retention",
            header "ExpectedBucketOwner" expected_bucket_owner: text = "x-amz-expected-bucket-owner",
            header "IfMatchLastModifiedTime" if_match_last_modified_time: http_date = "x-amz-if-match-last-modified-time",
            header "IfMatchSize" if_match_size: int = "x-amz-if-match-size",
            header "MFA" mfa: text = "x-amz-mfa",
            header "RequestPayer" request_payer: text = "x-amz-request-payer",
        } gives {
            header "DeleteMarker" delete_marker: bool = "x-amz-delete-marker",
            header "VersionId" version_id: text = "x-amz-version-id",
            header "RequestCharged" request_charged: text = "x-amz-request-charged",
        }}
        /// Deletes up to 1,000 objects in one request. What could not be deleted is listed in the reply.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html).
        DeleteObjects => DeleteObjectsOutput: Post {
            checksum Required; flag "delete";
            root "DeleteResult";
        needs {
            bucket "Bucket" bucket: text = "Bucket",
            payload "Delete" delete: Delete = "Delete",
        } takes {
            header "BypassGovernanceRetention" bypass_governance_retention: bool = "x-amz-bypass-governance-retention",
            header "ExpectedBucketOwner" expected_bucket_owner: text = "x-amz-expected-bucket-owner",
            header "MFA" mfa: text = "x-amz-mfa",
            header "RequestPayer" request_payer: text = "x-amz-request-payer",
            header "ChecksumAlgorithm" checksum_algorithm: text = "x-amz-sdk-checksum-algorithm",
        } gives {
            member "Deleted" deleted: [DeletedObject] = "Deleted",
            header "RequestCharged" request_charged: text = "x-amz-request-charged",
            member "Errors" errors: [Error] = "Error",
        }}
        /// Reads an object or a range of it. The body comes as a stream.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
        GetObject => GetObjectOutput: Get {
            checksum None;
        needs {
            bucket "Bucket" bucket: text = "Bucket",
            key "Key" key: text = "Key",
        } takes {
            query "PartNumber" part_number: int = "partNumber",
            query "ResponseCacheControl" response_cache_control: text = "response-cache-control",
            query "ResponseContentDisposition" response_content_disposition: text = "response-content-disposition",
            query "ResponseContentEncoding" response_content_encoding: text = "response-content-encoding",
            query "ResponseContentLanguage" response_content_language: text = "response-content-language",
            query "ResponseContentType" response_content_type: text = "response-content-type",
            query "ResponseExpires" response_expires: http_date = "response-expires",
            query "VersionId" version_id: text = "versionId",
            header "IfMatch" if_match: text = "if-match",
            header "IfModifiedSince" if_modified_since: http_date = "if-modified-since",
            header "IfNoneMatch" if_none_match: text = "if-none-match",
            header "IfUnmodifiedSince" if_unmodified_since: http_date = "if-unmodified-since",
            header "Range" range: text = "range",
            header "ChecksumMode" checksum_mode: text = "x-amz-checksum-mode",
            header "ExpectedBucketOwner" expected_bucket_owner: text = "x-amz-expected-bucket-owner",
            header "RequestPayer" request_payer: text = "x-amz-request-payer",
            header "SSECustomerAlgorithm" sse_customer_algorithm: text = "x-amz-server-side-encryption-customer-algorithm",
            header "SSECustomerKey" sse_customer_key: secret = "x-amz-server-side-encryption-customer-key",
            header "SSECustomerKeyMD5" sse_customer_key_md5: text = "x-amz-server-side-encryption-customer-key-md5",
        } gives {
            body "Body" body: blob = "Body",
            header "DeleteMarker" delete_marker: bool = "x-amz-delete-marker",
            header "AcceptRanges" accept_ranges: text = "accept-ranges",
            header "Expiration" expiration: text = "x-amz-expiration",
            header "Restore" restore: text = "x-amz-restore",
            header "LastModified" last_modified: http_date = "last-modified",
            header "ContentLength" content_length: int = "content-length",
            header "ETag" e_tag: text = "etag",
            header "ChecksumCRC32" checksum_crc32: text = "x-amz-checksum-crc32",
            header "ChecksumCRC32C" checksum_crc32c: text = "x-amz-checksum-crc32c",
            header "ChecksumCRC64NVME" checksum_crc64nvme: text = "x-amz-checksum-crc64nvme",
            header "ChecksumSHA1" checksum_sha1: text = "x-amz-checksum-sha1",
            header "ChecksumSHA256" checksum_sha256: text = "x-amz-checksum-sha256",
            header "ChecksumSHA512" checksum_sha512: text = "x-amz-checksum-sha512",
            header "ChecksumMD5" checksum_md5: text = "x-amz-checksum-md5",
            header "ChecksumXXHASH64" checksum_xxhash64: text = "x-amz-checksum-xxhash64",
            header "ChecksumXXHASH3" checksum_xxhash3: text = "x-amz-checksum-xxhash3",
            header "ChecksumXXHASH128" checksum_xxhash128: text = "x-amz-checksum-xxhash128",
            header "ChecksumType" checksum_type: text = "x-amz-checksum-type",
            header "MissingMeta" missing_meta: int = "x-amz-missing-meta",
            header "VersionId" version_id: text = "x-amz-version-id",
            header "CacheControl" cache_control: text = "cache-control",
            header "ContentDisposition" content_disposition: text = "content-disposition",
            header "ContentEncoding" content_encoding: text = "content-encoding",
            header "ContentLanguage" content_language: text = "content-language",
            header "ContentRange" content_range: text = "content-range",
            header "ContentType" content_type: text = "content-type",
            tolerant "Expires" expires: http_date = "expires",
            header "ExpiresString" expires_string: text = "expires",
            header "WebsiteRedirectLocation" website_redirect_location: text = "x-amz-website-redirect-location",
            header "ServerSideEncryption" server_side_encryption: text = "x-amz-server-side-encryption",
            metadata "Metadata" metadata: {text} = "metadata",
            header "SSECustomerAlgorithm" sse_customer_algorithm: text = "x-amz-server-side-encryption-customer-algorithm",
            header "SSECustomerKeyMD5" sse_customer_key_md5: text = "x-amz-server-side-encryption-customer-key-md5",
            header "SSEKMSKeyId" ssekms_key_id: secret = "x-amz-server-side-encryption-aws-kms-key-id",
            header "BucketKeyEnabled" bucket_key_enabled: bool = "x-amz-server-side-encryption-bucket-key-enabled",
            header "StorageClass" storage_class: text = "x-amz-storage-class",
            header "RequestCharged" request_charged: text = "x-amz-request-charged",
            header "ReplicationStatus" replication_status: text = "x-amz-replication-status",
            header "PartsCount" parts_count: int = "x-amz-mp-parts-count",
            header "TagCount" tag_count: int = "x-amz-tagging-count",
            header "ObjectLockMode" object_lock_mode: text = "x-amz-object-lock-mode",
            header "ObjectLockRetainUntilDate" object_lock_retain_until_date: date_time = "x-amz-object-lock-retain-until-date",
            header "ObjectLockLegalHoldStatus" object_lock_legal_hold_status: text = "x-amz-object-lock-legal-hold",
            header "ObjectLockEventHold" object_lock_event_hold: text = "x-amz-object-lock-event-hold",
            header "ObjectLockEventHoldDurationDays" object_lock_event_hold_duration_days: int = "x-amz-object-lock-event-hold-duration-days",
            header "ObjectLockEventHoldDurationYears" object_lock_event_hold_duration_years: int = "x-amz-object-lock-event-hold-duration-years",
        }}
        /// Asks whether a bucket exists and may be read; says where it is.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html).
        HeadBucket => HeadBucketOutput: Head {
            checksum None;
        needs {
            bucket "Bucket" bucket: text = "Bucket",
        } takes {
            header "ExpectedBucketOwner" expected_bucket_owner: text = "x-amz-expected-bucket-owner",
        } gives {
            header "BucketArn" bucket_arn: text = "x-amz-bucket-arn",
            header "BucketLocationType" bucket_location_type: text = "x-amz-bucket-location-type",
            header "BucketLocationName" bucket_location_name: text = "x-amz-bucket-location-name",
            header "BucketRegion" bucket_region: text = "x-amz-bucket-region",
            header "AccessPointAlias" access_point_alias: bool = "x-amz-access-point-alias",
        }}
        /// Asks for what is known of an object without reading it.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
        HeadObject => HeadObjectOutput: Head {
            checksum None;
        needs {
            bucket "Bucket" bucket: text = "Bucket",
            key "Key" key: text = "Key",
        } takes {
            query "PartNumber" part_number: int = "partNumber",
            query "ResponseCacheControl" response_cache_control: text = "response-cache-control",
            query "ResponseContentDisposition" response_content_disposition: text = "response-content-disposition",
            query "ResponseContentEncoding" response_content_encoding: text = "response-content-encoding",
            query "ResponseContentLanguage" response_content_language: text = "response-content-language",
            query "ResponseContentType" response_content_type: text = "response-content-type",
            query "ResponseExpires" response_expires: http_date = "response-expires",
            query "VersionId" version_id: text = "versionId",
            header "IfMatch" if_match: text = "if-match",
            header "IfModifiedSince" if_modified_since: http_date = "if-modified-since",
            header "IfNoneMatch" if_none_match: text = "if-none-match",
            header "IfUnmodifiedSince" if_unmodified_since: http_date = "if-unmodified-since",
            header "Range" range: text = "range",
            header "ChecksumMode" checksum_mode: text = "x-amz-checksum-mode",
            header "ExpectedBucketOwner" expected_bucket_owner: text = "x-amz-expected-bucket-owner",
            header "RequestPayer" request_payer: text = "x-amz-request-payer",
            header "SSECustomerAlgorithm" sse_customer_algorithm: text = "x-amz-server-side-encryption-customer-algorithm",
            header "SSECustomerKey" sse_customer_key: secret = "x-amz-server-side-encryption-customer-key",
            header "SSECustomerKeyMD5" sse_customer_key_md5: text = "x-amz-server-side-encryption-customer-key-md5",
        } gives {
            header "DeleteMarker" delete_marker: bool = "x-amz-delete-marker",
            header "AcceptRanges" accept_ranges: text = "accept-ranges",
            header "Expiration" expiration: text = "x-amz-expiration",
            header "Restore" restore: text = "x-amz-restore",
            header "ArchiveStatus" archive_status: text = "x-amz-archive-status",
            header "LastModified" last_modified: http_date = "last-modified",
            header "ContentLength" content_length: int = "content-length",
            header "ChecksumCRC32" checksum_crc32: text = "x-amz-checksum-crc32",
            header "ChecksumCRC32C" checksum_crc32c: text = "x-amz-checksum-crc32c",
            header "ChecksumCRC64NVME" checksum_crc64nvme: text = "x-amz-checksum-crc64nvme",
            header "ChecksumSHA1" checksum_sha1: text = "x-amz-checksum-sha1",
            header "ChecksumSHA256" checksum_sha256: text = "x-amz-checksum-sha256",
            header "ChecksumSHA512" checksum_sha512: text = "x-amz-checksum-sha512",
            header "ChecksumMD5" checksum_md5: text = "x-amz-checksum-md5",
            header "ChecksumXXHASH64" checksum_xxhash64: text = "x-amz-checksum-xxhash64",
            header "ChecksumXXHASH3" checksum_xxhash3: text = "x-amz-checksum-xxhash3",
            header "ChecksumXXHASH128" checksum_xxhash128: text = "x-amz-checksum-xxhash128",
            header "ChecksumType" checksum_type: text = "x-amz-checksum-type",
            header "ETag" e_tag: text = "etag",
            header "MissingMeta" missing_meta: int = "x-amz-missing-meta",
            header "VersionId" version_id: text = "x-amz-version-id",
            header "CacheControl" cache_control: text = "cache-control",
            header "ContentDisposition" content_disposition: text = "content-disposition",
            header "ContentEncoding" content_encoding: text = "content-encoding",
            header "ContentLanguage" content_language: text = "content-language",
            header "ContentType" content_type: text = "content-type",
            header "ContentRange" content_range: text = "content-range",
            tolerant "Expires" expires: http_date = "expires",
            header "ExpiresString" expires_string: text = "expires",
            header "WebsiteRedirectLocation" website_redirect_location: text = "x-amz-website-redirect-location",
            header "ServerSideEncryption" server_side_encryption: text = "x-amz-server-side-encryption",
            metadata "Metadata" metadata: {text} = "metadata",
            header "SSECustomerAlgorithm" sse_customer_algorithm: text = "x-amz-server-side-encryption-customer-algorithm",
            header "SSECustomerKeyMD5" sse_customer_key_md5: text = "x-amz-server-side-encryption-customer-key-md5",
            header "SSEKMSKeyId" ssekms_key_id: secret = "x-amz-server-side-encryption-aws-kms-key-id",
            header "BucketKeyEnabled" bucket_key_enabled: bool = "x-amz-server-side-encryption-bucket-key-enabled",
            header "StorageClass" storage_class: text = "x-amz-storage-class",
            header "RequestCharged" request_charged: text = "x-amz-request-charged",
            header "ReplicationStatus" replication_status: text = "x-amz-replication-status",
            header "PartsCount" parts_count: int = "x-amz-mp-parts-count",
            header "TagCount" tag_count: int = "x-amz-tagging-count",
            header "ObjectLockMode" object_lock_mode: text = "x-amz-object-lock-mode",
            header "ObjectLockRetainUntilDate" object_lock_retain_until_date: date_time = "x-amz-object-lock-retain-until-date",
            header "ObjectLockLegalHoldStatus" object_lock_legal_hold_status: text = "x-amz-object-lock-legal-hold",
            header "ObjectLockEventHold" object_lock_event_hold: text = "x-amz-object-lock-event-hold",
            header "ObjectLockEventHoldDurationDays" object_lock_event_hold_duration_days: int = "x-amz-object-lock-event-hold-duration-days",
            header "ObjectLockEventHoldDurationYears" object_lock_event_hold_duration_years: int = "x-amz-object-lock-event-hold-duration-years",
        }}
        /// Lists the buckets of the account, all of them or page by page.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html).
        ListBuckets => ListBucketsOutput: Get {
            checksum None;
            root "ListAllMyBucketsResult";
        needs {
        } takes {
            query "BucketRegion" bucket_region: text = "bucket-region",
            query "ContinuationToken" continuation_token: text = "continuation-token",
            query "MaxBuckets" max_buckets: int = "max-buckets",
            query "Prefix" prefix: text = "prefix",
        } gives {
            member "Buckets" buckets: [Bucket in "Bucket"] = "Buckets",
            member "Owner" owner: Owner = "Owner",
            member "ContinuationToken" continuation_token: text = "ContinuationToken",
            member "Prefix" prefix: text = "Prefix",
        }}
        /// Lists up to 1,000 objects of a bucket, in order of their keys.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html).
        ListObjectsV2 => ListObjectsV2Output: Get {
            checksum None; flag "list-type" "2"; automatic encoding_type "encoding-type" "url";
            root "ListBucketResult";
        needs {
            bucket "Bucket" bucket: text = "Bucket",
        } takes {
            query "ContinuationToken" continuation_token: text = "continuation-token",
            query "Delimiter" delimiter: text = "delimiter",
            query "EncodingType" encoding_type: text = "encoding-type",
            query "FetchOwner" fetch_owner: bool = "fetch-owner",
            query "MaxKeys" max_keys: int = "max-keys",
            query "Prefix" prefix: text = "prefix",
            query "StartAfter" start_after: text = "start-after",
            header "ExpectedBucketOwner" expected_bucket_owner: text = "x-amz-expected-bucket-owner",
            header "OptionalObjectAttributes" optional_object_attributes: [text] = "x-amz-optional-object-attributes",
            header "RequestPayer" request_payer: text = "x-amz-request-payer",
        } gives {
            member "IsTruncated" is_truncated: bool = "IsTruncated",
            member "Contents" contents: [Object] = "Contents",
            member "Name" name: text = "Name",
            member "Prefix" prefix: url_text = "Prefix",
            member "Delimiter" delimiter: url_text = "Delimiter",
            member "MaxKeys" max_keys: int = "MaxKeys",
            member "CommonPrefixes" common_prefixes: [CommonPrefix] = "CommonPrefixes",
            member "EncodingType" encoding_type: text = "EncodingType",
            member "KeyCount" key_count: int = "KeyCount",
            member "ContinuationToken" continuation_token: text = "ContinuationToken",
            member "NextContinuationToken" next_continuation_token: text = "NextContinuationToken",
            member "StartAfter" start_after: url_text = "StartAfter",
            header "RequestCharged" request_charged: text = "x-amz-request-charged",
        }}
        /// Stores an object of up to 5 GiB, whole or not at all.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html).
        PutObject => PutObjectOutput: Put {
            checksum Supported;
        needs {
            bucket "Bucket" bucket: text = "Bucket",
            key "Key" key: text = "Key",
        } takes {
            header "CacheControl" cache_control: text = "cache-control",
            header "ContentDisposition" content_disposition: text = "content-disposition",
            header "ContentEncoding" content_encoding: text = "content-encoding",
            header "ContentLanguage" content_language: text = "content-language",
            length "ContentLength" content_length: int = "content-length",
            header "ContentMD5" content_md5: text = "content-md5",
            header "ContentType" content_type: text = "content-type",
            header "Expires" expires: http_date = "expires",
            header "IfMatch" if_match: text = "if-match",
            header "IfNoneMatch" if_none_match: text = "if-none-match",
            header "ACL" acl: text = "x-amz-acl",
            header "ChecksumCRC32" checksum_crc32: text = "x-amz-checksum-crc32",
            header "ChecksumCRC32C" checksum_crc32c: text = "x-amz-checksum-crc32c",
            header "ChecksumCRC64NVME" checksum_crc64nvme: text = "x-amz-checksum-crc64nvme",
            header "ChecksumMD5" checksum_md5: text = "x-amz-checksum-md5",
            header "ChecksumSHA1" checksum_sha1: text = "x-amz-checksum-sha1",
            header "ChecksumSHA256" checksum_sha256: text = "x-amz-checksum-sha256",
            header "ChecksumSHA512" checksum_sha512: text = "x-amz-checksum-sha512",
            header "ChecksumXXHASH128" checksum_xxhash128: text = "x-amz-checksum-xxhash128",
            header "ChecksumXXHASH3" checksum_xxhash3: text = "x-amz-checksum-xxhash3",
            header "ChecksumXXHASH64" checksum_xxhash64: text = "x-amz-checksum-xxhash64",
            header "ExpectedBucketOwner" expected_bucket_owner: text = "x-amz-expected-bucket-owner",
            header "GrantFullControl" grant_full_control: text = "x-amz-grant-full-control",
            header "GrantRead" grant_read: text = "x-amz-grant-read",
            header "GrantReadACP" grant_read_acp: text = "x-amz-grant-read-acp",
            header "GrantWriteACP" grant_write_acp: text = "x-amz-grant-write-acp",
            header "ObjectLockEventHold" object_lock_event_hold: text = "x-amz-object-lock-event-hold",
            header "ObjectLockEventHoldDurationDays" object_lock_event_hold_duration_days: int = "x-amz-object-lock-event-hold-duration-days",
            header "ObjectLockEventHoldDurationYears" object_lock_event_hold_duration_years: int = "x-amz-object-lock-event-hold-duration-years",
            header "ObjectLockLegalHoldStatus" object_lock_legal_hold_status: text = "x-amz-object-lock-legal-hold",
            header "ObjectLockMode" object_lock_mode: text = "x-amz-object-lock-mode",
            header "ObjectLockRetainUntilDate" object_lock_retain_until_date: date_time = "x-amz-object-lock-retain-until-date",
            header "RequestPayer" request_payer: text = "x-amz-request-payer",
            header "ChecksumAlgorithm" checksum_algorithm: text = "x-amz-sdk-checksum-algorithm",
            header "ServerSideEncryption" server_side_encryption: text = "x-amz-server-side-encryption",
            header "SSEKMSKeyId" ssekms_key_id: secret = "x-amz-server-side-encryption-aws-kms-key-id",
            header "BucketKeyEnabled" bucket_key_enabled: bool = "x-amz-server-side-encryption-bucket-key-enabled",
            header "SSEKMSEncryptionContext" ssekms_encryption_context: secret = "x-amz-server-side-encryption-context",
            header "SSECustomerAlgorithm" sse_customer_algorithm: text = "x-amz-server-side-encryption-customer-algorithm",
            header "SSECustomerKey" sse_customer_key: secret = "x-amz-server-side-encryption-customer-key",
            header "SSECustomerKeyMD5" sse_customer_key_md5: text = "x-amz-server-side-encryption-customer-key-md5",
            header "StorageClass" storage_class: text = "x-amz-storage-class",
            header "Tagging" tagging: text = "x-amz-tagging",
            header "WebsiteRedirectLocation" website_redirect_location: text = "x-amz-website-redirect-location",
            header "WriteOffsetBytes" write_offset_bytes: int = "x-amz-write-offset-bytes",
            metadata "Metadata" metadata: {text} = "metadata",
            body "Body" body: blob = "Body",
        } gives {
            header "Expiration" expiration: text = "x-amz-expiration",
            header "ETag" e_tag: text = "etag",
            header "ChecksumCRC32" checksum_crc32: text = "x-amz-checksum-crc32",
            header "ChecksumCRC32C" checksum_crc32c: text = "x-amz-checksum-crc32c",
            header "ChecksumCRC64NVME" checksum_crc64nvme: text = "x-amz-checksum-crc64nvme",
            header "ChecksumSHA1" checksum_sha1: text = "x-amz-checksum-sha1",
            header "ChecksumSHA256" checksum_sha256: text = "x-amz-checksum-sha256",
            header "ChecksumSHA512" checksum_sha512: text = "x-amz-checksum-sha512",
            header "ChecksumMD5" checksum_md5: text = "x-amz-checksum-md5",
            header "ChecksumXXHASH64" checksum_xxhash64: text = "x-amz-checksum-xxhash64",
            header "ChecksumXXHASH3" checksum_xxhash3: text = "x-amz-checksum-xxhash3",
            header "ChecksumXXHASH128" checksum_xxhash128: text = "x-amz-checksum-xxhash128",
            header "ChecksumType" checksum_type: text = "x-amz-checksum-type",
            header "ServerSideEncryption" server_side_encryption: text = "x-amz-server-side-encryption",
            header "VersionId" version_id: text = "x-amz-version-id",
            header "SSECustomerAlgorithm" sse_customer_algorithm: text = "x-amz-server-side-encryption-customer-algorithm",
            header "SSECustomerKeyMD5" sse_customer_key_md5: text = "x-amz-server-side-encryption-customer-key-md5",
            header "SSEKMSKeyId" ssekms_key_id: secret = "x-amz-server-side-encryption-aws-kms-key-id",
            header "SSEKMSEncryptionContext" ssekms_encryption_context: secret = "x-amz-server-side-encryption-context",
            header "BucketKeyEnabled" bucket_key_enabled: bool = "x-amz-server-side-encryption-bucket-key-enabled",
            header "Size" size: int = "x-amz-object-size",
            header "RequestCharged" request_charged: text = "x-amz-request-charged",
        }}
    }
    inputs {
        /// Where and how a bucket is made.
        CreateBucketConfiguration {
        } {
            member "LocationConstraint" location_constraint: text = "LocationConstraint",
            member "Location" location: LocationInfo = "Location",
            member "Bucket" bucket: BucketInfo = "Bucket",
            member "Tags" tags: [Tag in "Tag"] = "Tags",
        }
        /// Where a directory bucket is.
        LocationInfo {
        } {
            member "Type" r#type: text = "Type",
            member "Name" name: text = "Name",
        }
        /// What a directory bucket is like.
        BucketInfo {
        } {
            member "DataRedundancy" data_redundancy: text = "DataRedundancy",
            member "Type" r#type: text = "Type",
        }
        /// A name and a value that the owner chose.
        Tag {
            member "Key" key: text = "Key",
            member "Value" value: text = "Value",
        } {
        }
        /// What to delete.
        Delete {
            member "Objects" objects: [ObjectIdentifier] = "Object",
        } {
            member "Quiet" quiet: bool = "Quiet",
        }
        /// An object to delete, and under which conditions.
        ObjectIdentifier {
            member "Key" key: text = "Key",
        } {
            member "VersionId" version_id: text = "VersionId",
            member "ETag" e_tag: text = "ETag",
            member "LastModifiedTime" last_modified_time: http_date = "LastModifiedTime",
            member "Size" size: int = "Size",
        }
    }
    outputs {
        /// The copy.
        CopyObjectResult {
            member "ETag" e_tag: text = "ETag",
            member "LastModified" last_modified: date_time = "LastModified",
            member "ChecksumType" checksum_type: text = "ChecksumType",
            member "ChecksumCRC32" checksum_crc32: text = "ChecksumCRC32",
            member "ChecksumCRC32C" checksum_crc32c: text = "ChecksumCRC32C",
            member "ChecksumCRC64NVME" checksum_crc64nvme: text = "ChecksumCRC64NVME",
            member "ChecksumSHA1" checksum_sha1: text = "ChecksumSHA1",
            member "ChecksumSHA256" checksum_sha256: text = "ChecksumSHA256",
            member "ChecksumSHA512" checksum_sha512: text = "ChecksumSHA512",
            member "ChecksumMD5" checksum_md5: text = "ChecksumMD5",
            member "ChecksumXXHASH64" checksum_xxhash64: text = "ChecksumXXHASH64",
            member "ChecksumXXHASH3" checksum_xxhash3: text = "ChecksumXXHASH3",
            member "ChecksumXXHASH128" checksum_xxhash128: text = "ChecksumXXHASH128",
        }
        /// An object that was deleted.
        DeletedObject {
            member "Key" key: text = "Key",
            member "VersionId" version_id: text = "VersionId",
            member "DeleteMarker" delete_marker: bool = "DeleteMarker",
            member "DeleteMarkerVersionId" delete_marker_version_id: text = "DeleteMarkerVersionId",
        }
        /// An object that was not deleted, and why.
        Error {
            member "Key" key: text = "Key",
            member "VersionId" version_id: text = "VersionId",
            member "Code" code: text = "Code",
            member "Message" message: text = "Message",
        }
        /// A bucket, as listed.
        Bucket {
            member "Name" name: text = "Name",
            member "CreationDate" creation_date: date_time = "CreationDate",
            member "BucketRegion" bucket_region: text = "BucketRegion",
            member "BucketArn" bucket_arn: text = "BucketArn",
        }
        /// Who owns a bucket or an object.
        Owner {
            member "DisplayName" display_name: text = "DisplayName",
            member "ID" id: text = "ID",
        }
        /// An object, as listed.
        Object {
            member "Key" key: url_text = "Key",
            member "LastModified" last_modified: date_time = "LastModified",
            member "ETag" e_tag: text = "ETag",
            member "ChecksumAlgorithm" checksum_algorithm: [text] = "ChecksumAlgorithm",
            member "ChecksumType" checksum_type: text = "ChecksumType",
            member "Size" size: int = "Size",
            member "StorageClass" storage_class: text = "StorageClass",
            member "Owner" owner: Owner = "Owner",
            member "RestoreStatus" restore_status: RestoreStatus = "RestoreStatus",
        }
        /// Whether an archived object is being brought back.
        RestoreStatus {
            member "IsRestoreInProgress" is_restore_in_progress: bool = "IsRestoreInProgress",
            member "RestoreExpiryDate" restore_expiry_date: date_time = "RestoreExpiryDate",
        }
        /// What several keys have in common up to the delimiter.
        CommonPrefix {
            member "Prefix" prefix: url_text = "Prefix",
        }
    }
} } }
