using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Sandbox;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Replying;

namespace SmsAi.Web.Features.Sandbox;

/// <summary>Who may knock at the sandbox: this machine, not through a proxy, with the sandbox's own credentials, while there is a sandbox.</summary>
internal static class SandboxDoor
{
    // A request from outside that a proxy on this machine passes on carries one of these.
    private static readonly string[] PassedOn = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-For", "X-Real-IP", "Via"];

    private static bool IsOurselves(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && !PassedOn.Any(context.Request.Headers.ContainsKey);

    private static bool Matches(HttpContext context, string expected) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString()), Encoding.UTF8.GetBytes(expected));

    /// <summary>The door of the carrier.</summary>
    internal sealed class Carrier(IOptions<TwilioOptions> options) : IEndpointFilter
    {
        public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            if (!options.Value.IsSandbox || !IsOurselves(context.HttpContext))
                return TypedResults.NotFound();
            var account = options.Value.AccountSid!;
            var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account}:{options.Value.AuthToken}"));
            if (!Matches(context.HttpContext, "Basic " + pair) || !account.Equals(context.HttpContext.GetRouteValue("account")))
                return SandboxTwilio.Error(401, 20003, "Authenticate");
            return await next(context);
        }
    }

    /// <summary>The door of the model.</summary>
    internal sealed class Model(IOptions<OpenAiOptions> options, SandboxAccount account) : IEndpointFilter
    {
        public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            if (!options.Value.IsSandbox || !IsOurselves(context.HttpContext))
                return TypedResults.NotFound();
            return Matches(context.HttpContext, "Bearer " + account.ModelKey)
                ? await next(context)
                : SandboxOpenAi.Error(401, "invalid_api_key", "Incorrect API key provided.");
        }
    }
}
