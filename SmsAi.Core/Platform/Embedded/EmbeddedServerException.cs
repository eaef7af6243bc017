namespace SmsAi.Core.Platform.Embedded;

/// <summary>An embedded server cannot be had; the message is a sentence for whoever started the app.</summary>
public sealed class EmbeddedServerException : Exception
{
    public EmbeddedServerException(string message) : base(message) { }

    public EmbeddedServerException(string message, Exception inner) : base(message, inner) { }
}
