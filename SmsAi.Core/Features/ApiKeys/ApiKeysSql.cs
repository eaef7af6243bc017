namespace SmsAi.Core.Features.ApiKeys;

/// <summary>The statements about keys.</summary>
internal static class ApiKeysSql
{
    /// <summary>A key is its maker's: it ends with her account and with her right to make such keys. The command line's belongs to whoever has the server.</summary>
    private const string HasMaker = """
        (k.created_by_id is null or exists (
          select from operators o join operator_role_members m on m.user_id = o.id join operator_roles r on r.id = m.role_id
          where o.id = k.created_by_id and not o.is_disabled and (r.name = 'Owner' or (r.name = 'Admin' and k.role <> 'Owner'))))
        """;

    private const string Columns = $"""
        select k.id, k.prefix, k.name, k.role, k.scopes, k.created_at, k.created_by, k.expires_at, k.last_used_at, k.revoked_at, k.revoked_by,
          (select n.prefix from api_keys n where n.id = k.replaced_by), {HasMaker}, k.secret_hash from api_keys k
        """;

    /// <summary>Those that work first, the newest first. $1 now $2 how many</summary>
    public const string List = $"{Columns} order by (k.revoked_at is null and k.expires_at > $1) desc, k.id desc limit $2";

    /// <summary>$1 prefix</summary>
    public const string Find = $"{Columns} where k.prefix = $1";

    /// <summary>$1 prefix: nobody else rotates or revokes it meanwhile.</summary>
    public const string Lock = $"{Columns} where k.prefix = $1 for update of k";

    /// <summary>$1 prefix $2 hash $3 name $4 role $5 scopes $6 now $7 by $8 by whose id $9 expires</summary>
    public const string Insert = """
        insert into api_keys (prefix, secret_hash, name, role, scopes, created_at, created_by, created_by_id, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id
        """;

    /// <summary>$1 the old one $2 the new one $3 how long the old one lives on</summary>
    public const string Replace = "update api_keys set replaced_by = $2, expires_at = least(expires_at, $3) where id = $1";

    /// <summary>$1 key $2 now $3 by</summary>
    public const string Revoke = "update api_keys set revoked_at = $2, revoked_by = $3 where id = $1";

    /// <summary>$1 key $2 now $3 a minute ago</summary>
    public const string Touch = "update api_keys set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at <= $3)";

    public const string TokenKeys = "select id, wrapped, created_at from token_keys order by created_at";

    /// <summary>$1 id $2 wrapped $3 now</summary>
    public const string AddTokenKey = "insert into token_keys (id, wrapped, created_at) values ($1, $2, $3)";

    /// <summary>One replica makes the next key, the others find it.</summary>
    public const string OneAtATime = "select pg_advisory_xact_lock(hashtext('token keys'))";
}
