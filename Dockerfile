# One image for every process of the app: `web` by default, the worker and the migrations by another command.
#   docker build -t makerlane .
#   docker run --env-file .env makerlane node app/migrate.server.ts     once per release, before the new web and worker
#   docker run --env-file .env -v makerlane:/data -p 3000:3000 makerlane
#   docker run --env-file .env -v makerlane:/data --no-healthcheck --stop-timeout 150 makerlane node app/worker.ts
# A worker listens nowhere, so the health check below is not for it; told to stop, it ends the conversations it is in,
# and a vendor may take two minutes for its longest answer.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# prisma.config.ts wants an address; generating asks nobody there.
RUN DATABASE_URL=postgresql://nobody@127.0.0.1/none npx prisma generate && npx remix vite:build && npm prune --omit=dev

FROM node:24-bookworm-slim
# /data holds shoppers' pictures: one volume for every web and worker process.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
RUN mkdir /data && chown node:node /data
VOLUME /data
WORKDIR /app
COPY --from=build --chown=node:node /app/package.json ./
COPY --from=build --chown=node:node /app/node_modules ./node_modules
COPY --from=build --chown=node:node /app/build ./build
COPY --from=build --chown=node:node /app/prisma ./prisma
COPY --from=build --chown=node:node /app/prisma.config.ts ./
COPY --from=build --chown=node:node /app/app ./app
# The page on which a photo is added later uses the theme extension's own script and words.
COPY --from=build --chown=node:node /app/extensions ./extensions
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/livez').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "app/server.ts"]
