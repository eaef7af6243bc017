using System.Security.Cryptography;
using System.Text;

namespace SmsAi.Core.Platform.Database;

/// <summary>One numbered change of the schema, as its file states it.</summary>
public sealed record Migration
{
    public required string Version { get; init; }
    public required string Name { get; init; }
    public required string Category { get; init; }
    public required IReadOnlyList<string> Depends { get; init; }
    public required string Sql { get; init; }
    public string? DownSql { get; init; }

    /// <summary>False for statements PostgreSQL refuses inside a transaction, such as <c>create index concurrently</c>.</summary>
    public bool InTransaction { get; init; } = true;

    /// <summary>The file admits that it drops or empties something.</summary>
    public bool Destructive { get; init; }

    public string Title => $"{Version}_{Name}";

    public string Checksum { get; private init; } = "";

    public static Migration Parse(string version, string name, string sql, string? downSql)
    {
        var text = sql.ReplaceLineEndings("\n");
        var header = MigrationHeader.Read($"{version}_{name}", text);
        return new Migration
        {
            Version = version,
            Name = name,
            Category = header.Category,
            Depends = header.Depends,
            InTransaction = header.InTransaction,
            Destructive = header.Destructive,
            Sql = text,
            DownSql = downSql?.ReplaceLineEndings("\n"),
            Checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
        };
    }
}
