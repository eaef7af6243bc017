using static SmsAi.Core.Platform.Privacy.ColumnClass;
using static SmsAi.Core.Platform.Privacy.DataClass;
using static SmsAi.Core.Platform.Privacy.Retention;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>Data classes of operators' accounts and of the keys behind cookies and tokens.</summary>
internal static class AccessData
{
    public static readonly ColumnClass[] Columns =
    [
        .. In("operators",
            (Personal, WithOperator, "user_name normalized_user_name email normalized_email display_name phone_number"),
            (Secret, WithOperator, "password_hash security_stamp"),
            (Internal, WithOperator, "id concurrency_stamp email_confirmed phone_number_confirmed two_factor_enabled"),
            (Internal, WithOperator, "lockout_end lockout_enabled access_failed_count is_disabled created_at")),
        .. In("operator_roles",
            (Internal, Forever, "id name normalized_name concurrency_stamp")),
        .. In("operator_role_members",
            (Internal, WithOperator, "user_id role_id")),
        .. In("operator_claims",
            (Internal, WithOperator, "id user_id claim_type claim_value")),
        .. In("operator_role_claims",
            (Internal, Forever, "id role_id claim_type claim_value")),
        .. In("operator_logins",
            (Personal, WithOperator, "login_provider provider_key provider_display_name user_id")),
        .. In("operator_tokens",
            (Internal, WithOperator, "user_id login_provider name"),
            (Secret, WithOperator, "value")),
        .. In("operator_sessions",
            (Internal, WithOperator, "id operator_id since seen_at second_factor_at must_enrol ended_at"),
            (Personal, WithOperator, "address user_agent")),
        .. In("operator_totp",
            (Internal, WithOperator, "operator_id is_confirmed last_step"),
            (Secret, WithOperator, "secret")),
        .. In("operator_recovery_codes",
            (Internal, WithOperator, "operator_id"),
            (Secret, WithOperator, "code_hash")),
        .. In("operator_preferences",
            (Internal, WithOperator, "operator_id single_keys language is_12_hour zone")),
        .. In("operator_passkeys",
            (Internal, WithOperator, "credential_id operator_id sign_count transports is_user_verified is_backup_eligible is_backed_up created_at used_at"),
            (Personal, WithOperator, "name"),
            (Secret, WithOperator, "public_key")),
        .. In("operator_passkey_challenges",
            (Internal, WhileNeeded, "id purpose session expires_at"),
            (Secret, WhileNeeded, "state")),
        .. In("operator_invitations",
            (Secret, WhileNeeded, "token_hash"),
            (Personal, WhileNeeded, "label by_name"),
            (Internal, WhileNeeded, "id role by_id created_at expires_at")),
        .. In("unknown_tries",
            (Personal, WhileNeeded, "email_hash"),
            (Internal, WhileNeeded, "failed_count lockout_end tried_at")),
        .. In("setup_links",
            (Secret, WhileNeeded, "token_hash"),
            (Internal, WhileNeeded, "expires_at used_at")),
        .. In("data_protection_keys",
            (Internal, Forever, "id friendly_name created_at"),
            (Secret, Forever, "xml")),
        .. In("api_keys",
            (Internal, Forever, "id prefix name role scopes created_at created_by created_by_id expires_at last_used_at revoked_at revoked_by replaced_by"),
            (Secret, Forever, "secret_hash")),
        .. In("token_keys",
            (Internal, Forever, "id created_at"),
            (Secret, Forever, "wrapped")),
    ];
}
