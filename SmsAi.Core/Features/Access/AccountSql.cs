namespace SmsAi.Core.Features.Access;

/// <summary>SQL of operators' accounts. There are tens of them, not thousands.</summary>
internal static class AccountSql
{
    /// <summary>One act on accounts at a time, so that what it asked for still holds when it commits.</summary>
    public const string OneAtATime = "select pg_advisory_xact_lock(hashtext('operator accounts'))";

    private const string Line = """
        select o.id, o.display_name, coalesce(o.email, ''), coalesce(r.name, ''), o.two_factor_enabled, o.is_disabled, o.lockout_end, o.created_at,
          (select max(s.seen_at) from operator_sessions s where s.operator_id = o.id),
          (select count(*) from operator_sessions s where s.operator_id = o.id and s.ended_at is null and s.since > $1 and s.seen_at > $2)

        """;

    private const string From = """
        from operators o left join operator_role_members m on m.user_id = o.id left join operator_roles r on r.id = m.role_id

        """;

    /// <summary>$3 name or e-mail, as a pattern $4 role $5 state $6 now</summary>
    private const string Fits = """
        where ($3::text is null or o.display_name ilike $3 or o.email ilike $3) and ($4::text is null or r.name = $4)
          and ($5::text is null or case $5
            when 'active' then not o.is_disabled and coalesce(o.lockout_end <= $6, true)
            when 'locked' then o.is_disabled or coalesce(o.lockout_end > $6, false)
            when 'no-factor' then not o.two_factor_enabled else false end)

        """;

    /// <summary>$1 since when sessions are young enough $2 since when they were used $3 whose</summary>
    public const string One = Line + From + "where o.id = $3";

    /// <summary>$1 $2 as in one $3 $4 $5 $6 the filter $7 the account before the first, or none $8 how many</summary>
    public const string After = Line + From + Fits + """
          and ($7::bigint is null or (lower(o.display_name), o.id) > (select lower(p.display_name), p.id from operators p where p.id = $7))
        order by lower(o.display_name), o.id limit $8
        """;

    /// <summary>$1 to $6 as after $7 the account after the last $8 how many. Last name first.</summary>
    public const string Before = Line + From + Fits + """
          and (lower(o.display_name), o.id) < (select lower(p.display_name), p.id from operators p where p.id = $7)
        order by lower(o.display_name) desc, o.id desc limit $8
        """;

    /// <summary>$3 $4 $5 $6 the filter; $1 and $2 are there for the sake of their numbers.</summary>
    public const string Count = "select count(*) " + From + Fits + "and $1::timestamptz is not null and $2::timestamptz is not null";

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
    public const string TakeBackInvitationsOfOwners = "delete from operator_invitations where by_id = $1 and role = 'Owner'";
    public const string TakeBackInvitations = "delete from operator_invitations where by_id = $1";
}
