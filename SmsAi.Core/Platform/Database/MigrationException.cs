namespace SmsAi.Core.Platform.Database;

/// <summary>Migrations can't go on, for the reason in the message, which is one sentence for the person at the console.</summary>
public sealed class MigrationException : Exception
{
    public MigrationException(string message) : base(message) { }

    public MigrationException(string message, Exception inner) : base(message, inner) { }

    public MigrationException() { }
}
