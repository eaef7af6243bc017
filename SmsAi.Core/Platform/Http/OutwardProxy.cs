using System.Net;

namespace SmsAi.Core.Platform.Http;

/// <summary>The machine's own proxy settings, except for this machine itself, where the sandbox answers.</summary>
internal sealed class OutwardProxy(IWebProxy configured) : IWebProxy
{
    public ICredentials? Credentials { get => configured.Credentials; set => configured.Credentials = value; }

    public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : configured.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || configured.IsBypassed(host);
}
