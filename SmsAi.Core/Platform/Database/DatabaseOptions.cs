namespace SmsAi.Core.Platform.Database;

/// <summary>How the program reaches and migrates PostgreSQL (section <c>Database</c>; the address itself is <c>ConnectionStrings:Postgres</c>).</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary>Applies pending migrations when the program starts. Off by default: in Production run <c>migrate</c> before deploying. On in the embedded default.</summary>
    public bool MigrateOnStart { get; set; }
}
