using Microsoft.AspNetCore.Mvc;
using SmsAi.Core.Features.Sandbox;

namespace SmsAi.Web.Features.Sandbox;

/// <summary>
/// The sandbox's carrier and model as endpoints of our own, so that the product talks HTTP to them as it would to the real ones.
/// They open to this machine only, and only for what has no real credentials.
/// </summary>
public static class SandboxEndpoints
{
    /// <summary>A conversation is sent along whole.</summary>
    private const int LargestQuestion = 1024 * 1024;

    /// <summary>Maps <c>/sandbox/twilio</c> and <c>/sandbox/openai</c>.</summary>
    public static void MapSandbox(this IEndpointRouteBuilder routes)
    {
        var carrier = Group(routes, SandboxAccount.CarrierPath).AddEndpointFilter<SandboxDoor.Carrier>();
        carrier.MapPost("/2010-04-01/Accounts/{account}/Messages.json", SandboxTwilio.SendAsync);
        carrier.MapGet("/2010-04-01/Accounts/{account}/Messages.json", SandboxTwilio.ListAsync);
        carrier.MapGet("/2010-04-01/Accounts/{account}/Messages/{sid}.json", SandboxTwilio.FetchAsync);

        var model = Group(routes, SandboxAccount.ModelPath).AddEndpointFilter<SandboxDoor.Model>().WithMetadata(new RequestSizeLimitAttribute(LargestQuestion));
        model.MapPost("/chat/completions", SandboxOpenAi.AnswerAsync);
        model.MapGet("/models/{name}", SandboxOpenAi.DescribeAsync);
    }

    private static RouteGroupBuilder Group(IEndpointRouteBuilder routes, string path) =>
        routes.MapGroup(path).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
}
