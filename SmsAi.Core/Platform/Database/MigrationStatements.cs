using System.Text;

namespace SmsAi.Core.Platform.Database;

/// <summary>Cuts a migration without a transaction into its statements, since several sent together would be one implicit transaction.</summary>
internal static class MigrationStatements
{
    /// <summary>A statement ends at a line that ends with a semicolon; bodies in dollar quotes don't belong into such a file.</summary>
    public static IEnumerable<string> Split(string sql)
    {
        var statement = new StringBuilder();
        foreach (var line in sql.Split('\n'))
        {
            if (line.TrimStart().StartsWith("--", StringComparison.Ordinal)) continue;
            statement.Append(line).Append('\n');
            if (!line.TrimEnd().EndsWith(';')) continue;
            yield return statement.ToString();
            statement.Clear();
        }
        if (!string.IsNullOrWhiteSpace(statement.ToString())) yield return statement.ToString();
    }
}
