namespace SmsAi.Core.Features.Access;

/// <summary>SQL of operators' accounts. There are tens of them, not thousands.</summary>
internal static class AccountSql
{
    /// <summary>One act on accounts at a time, so that what it asked for still holds when it commits.</summary>
    public const string OneAtATime = "select pg_advisory_xact_lock(hashtext('operator accounts'))";

    public const string List = """
        select o.id, o.display_name, coalesce(o.email, ''), coalesce(r.name, ''), o.two_factor_enabled, o.is_disabled, o.lockout_end, o.created_at,
          (select max(s.seen_at) from operator_sessions s where s.operator_id = o.id),
          (select count(*) from operator_sessions s where s.operator_id = o.id and s.ended_at is null and s.since > $2 and s.seen_at > $3)
        from operators o left join operator_role_members m on m.user_id = o.id left join operator_roles r on r.id = m.role_id
        where $1::bigint is null or o.id = $1
        order by lower(o.display_name), o.id limit 500
        """;

    public const string Find = """
        select o.display_name, coalesce(r.name, ''), o.is_disabled, o.two_factor_enabled, o.lockout_end from operators o
        left join operator_role_members m on m.user_id = o.id left join operator_roles r on r.id = m.role_id where o.id = $1
        """;

    public const string OwnersBeside = """
        select count(*) from operators o join operator_role_members m on m.user_id = o.id join operator_roles r on r.id = m.role_id
        where r.name = 'Owner' and not o.is_disabled and o.id <> $1
        """;

    public const string LeaveRole = "delete from operator_role_members where user_id = $1";
    public const string TakeRole = "insert into operator_role_members (user_id, role_id) select $1, id from operator_roles where name = $2";
    public const string NewStamp = "update operators set security_stamp = gen_random_uuid()::text, concurrency_stamp = gen_random_uuid()::text where id = $1";
    public const string Lock = "update operators set is_disabled = true where id = $1";
    public const string Unlock = "update operators set is_disabled = false, lockout_end = null, access_failed_count = 0 where id = $1";
    public const string Remove = "delete from operators where id = $1";
    public const string TakeBackInvitations = "delete from operator_invitations where by_id = $1";
}
