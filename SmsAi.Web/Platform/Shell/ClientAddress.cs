using System.Net;

namespace SmsAi.Web.Platform.Shell;

/// <summary>The address a circuit was opened from, for the audit trail: a circuit has no request of its own.</summary>
public sealed class ClientAddress
{
    public IPAddress? Value { get; private set; }

    public void Use(string? text) => Value = IPAddress.TryParse(text, out var address) ? address : null;
}
