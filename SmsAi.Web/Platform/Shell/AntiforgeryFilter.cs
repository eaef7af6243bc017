using Microsoft.AspNetCore.Antiforgery;

namespace SmsAi.Web.Platform.Shell;

/// <summary>Refuses posts that don't come from a form of ours: 400, with nothing done.</summary>
internal sealed class AntiforgeryFilter(IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        await IsOursAsync(context.HttpContext) ? await next(context) : TypedResults.BadRequest();

    private async Task<bool> IsOursAsync(HttpContext context)
    {
        try
        {
            return await antiforgery.IsRequestValidAsync(context);
        }
        catch (AntiforgeryValidationException)
        {
            // A body that is no form, or too long a one.
            return false;
        }
    }
}
