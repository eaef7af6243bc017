using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.Extensions.Options;

namespace SmsAi.Web.Platform.Shell.Screens;

/// <summary>The screens each operator has open on this replica: the sockets of her circuits.</summary>
public sealed class OpenScreens(IOptions<ScreenOptions> options)
{
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);

    public int AtMost => options.Value.ScreensAtOnce;

    /// <summary>She has as many as she may.</summary>
    public bool IsFull(ClaimsPrincipal user) => NameOf(user) is { } name && _open.GetValueOrDefault(name) >= AtMost;

    /// <summary>One more, unless that is one too many; whoever got it closes it.</summary>
    internal bool TryOpen(ClaimsPrincipal user)
    {
        if (NameOf(user) is not { } name || _open.AddOrUpdate(name, 1, (_, open) => open + 1) <= AtMost) return true;
        Close(user);
        return false;
    }

    internal void Close(ClaimsPrincipal user)
    {
        if (NameOf(user) is not { } name) return;
        var open = _open.AddOrUpdate(name, 0, (_, before) => before - 1);
        if (open == 0) _open.TryRemove(KeyValuePair.Create(name, 0));
    }

    private static string? NameOf(ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier);
}
