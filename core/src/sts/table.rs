//! STS's table: see `core/src/table.rs` for how it is read.

/// Hands the table to the macro named in brackets.
#[doc(hidden)]
#[macro_export]
macro_rules! sts_table { ([$($then:tt)+]) => { $($then)+ {
    service Sts query "2011-06-15";
    operations {
        /// Gives out temporary credentials of a role.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
        AssumeRole => AssumeRoleOutput: Post {
            checksum None;
        needs {
            member "RoleArn" role_arn: text = "RoleArn",
            member "RoleSessionName" role_session_name: text = "RoleSessionName",
        } takes {
            member "PolicyArns" policy_arns: [PolicyDescriptorType in "member"] = "PolicyArns",
            member "Policy" policy: text = "Policy",
            member "DurationSeconds" duration_seconds: int = "DurationSeconds",
            member "Tags" tags: [Tag in "member"] = "Tags",
            member "TransitiveTagKeys" transitive_tag_keys: [text in "member"] = "TransitiveTagKeys",
            member "ExternalId" external_id: text = "ExternalId",
            member "SerialNumber" serial_number: text = "SerialNumber",
            member "TokenCode" token_code: secret = "TokenCode",
            member "SourceIdentity" source_identity: text = "SourceIdentity",
            member "ProvidedContexts" provided_contexts: [ProvidedContext in "member"] = "ProvidedContexts",
            member "MinimumSessionTokenSize" minimum_session_token_size: int = "MinimumSessionTokenSize",
        } gives {
            member "Credentials" credentials: Credentials = "Credentials",
            member "AssumedRoleUser" assumed_role_user: AssumedRoleUser = "AssumedRoleUser",
            member "PackedPolicySize" packed_policy_size: int = "PackedPolicySize",
            member "SourceIdentity" source_identity: text = "SourceIdentity",
            member "SessionTokenUtilization" session_token_utilization: int = "SessionTokenUtilization",
            member "SessionTokenSize" session_token_size: int = "SessionTokenSize",
        }}
        /// Says who the credentials belong to. Needs no permission.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
        GetCallerIdentity => GetCallerIdentityOutput: Post {
            checksum None;
        needs {
        } takes {
        } gives {
            member "UserId" user_id: text = "UserId",
            member "Account" account: text = "Account",
            member "Arn" arn: text = "Arn",
        }}
    }
    inputs {
        /// A managed policy by its ARN.
        PolicyDescriptorType {
        } {
            member "arn" arn: text = "arn",
        }
        /// A name and a value that the owner chose.
        Tag {
            member "Key" key: text = "Key",
            member "Value" value: text = "Value",
        } {
        }
        /// An assertion of a trusted context provider.
        ProvidedContext {
        } {
            member "ProviderArn" provider_arn: text = "ProviderArn",
            member "ContextAssertion" context_assertion: text = "ContextAssertion",
        }
    }
    outputs {
        /// Temporary credentials.
        Credentials {
            member "AccessKeyId" access_key_id: text = "AccessKeyId",
            member "SecretAccessKey" secret_access_key: secret = "SecretAccessKey",
            member "SessionToken" session_token: secret = "SessionToken",
            member "Expiration" expiration: date_time = "Expiration",
        }
        /// Who the credentials are for.
        AssumedRoleUser {
            member "AssumedRoleId" assumed_role_id: text = "AssumedRoleId",
            member "Arn" arn: text = "Arn",
        }
    }
} } }
